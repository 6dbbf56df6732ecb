import { describe, expect, test } from 'vitest'
import type { SignedEntry } from '../../../lambdas/shared/domain/decision-log/entry.ts'
import { auditedGate } from '../../../lambdas/shared/domain/decision-log/audited-gate.ts'
import { verifyGate } from '../../../lambdas/shared/domain/decision-log/verify-gates.ts'
import { verifyStage } from '../../../lambdas/shared/domain/decision-log/verify-stages.ts'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'
import { stageKey } from '../../../lambdas/shared/domain/stage-record.ts'
import { GateWorld } from '../../support/gate-world.ts'

const people = { steward: ['s@example.com'], qa: ['q@example.com'], owner: ['o@example.com'] }
const reason = 'because of this'

async function judged(verdict: 'pass' | 'fail' = 'pass') {
  const world = new GateWorld({ quorum: { steward: 1, qa: 1 }, override: 'owner' })
  world.approvers = people
  const { gate, evidence } = await world.judge(verdict === 'fail' ? failing : {})
  await world.enter(gate)
  const decide = (address: string, decision: string) =>
    world.decide(world.link(1, address), { decision, reason, evidence })
  return { world, gate, evidence, decide }
}
const failing = { records: 0 }

const kinds = (world: GateWorld) => world.log.events('places').map(({ kind }) => kind)
const entriesOf = (world: GateWorld): SignedEntry[] => world.log.chains.get('places') ?? []

describe('what happens at a gate', () => {
  test('is in the log, in its order, and in no outbox', async () => {
    const { world, gate, decide } = await judged()
    await decide('s@example.com', 'approve')
    await decide('q@example.com', 'approve')
    expect(kinds(world)).toEqual([...['gate-opened', 'asked', 'approved', 'approved', 'quorum-completed']])
    expect((await world.theGate(gate)).outbox).toEqual([])
    expect(await world.act(gate)).toEqual({ status: 'passed' })
    const report = world.evidence.objects.get(
      (await world.theGate(gate)).evidenceKey.replace('.json', '.html'),
    )
    expect(world.log.events('places')[0]?.detail).toMatchObject({ report: sha256(report ?? '') })
  })

  test('and is not logged for the time being, stands, and lets no stage go on before it is', async () => {
    const { world, gate, decide } = await judged()
    await decide('s@example.com', 'approve')
    const append = world.log.append.bind(world.log)
    world.log.append = async () => {
      throw new Error('no log')
    }
    const { response, unlogged } = await decide('q@example.com', 'approve')
    expect({ status: response.status, unlogged }).toEqual({ status: 200, unlogged: new Error('no log') })
    expect(response.body).not.toContain('Decision log')
    expect((await world.theGate(gate)).status).toBe('approved')
    await expect(world.act(gate)).rejects.toThrow('no log')
    expect(await world.runs.stage('places', 'cities', 'pilot')).toMatchObject({ status: 'judged' })
    world.log.append = append
    expect(await world.act(gate)).toEqual({ status: 'passed' })
    expect(kinds(world).slice(-2)).toEqual(['approved', 'quorum-completed'])
  })

  test('is in the log whose head the page answers with', async () => {
    const { world, decide } = await judged()
    const { response } = await decide('s@example.com', 'approve')
    const newest = world.log.chains.get('places')?.at(-1)
    expect(newest?.entry.event).toMatchObject({ kind: 'approved', actor: 's@example.com' })
    expect(response.body).toContain(`3 entries, head <code>3:${newest?.hash ?? ''}</code>`)
  })

  test('is as long in each mail as the log is', async () => {
    const { world } = await judged()
    const [first] = world.log.chains.get('places') ?? []
    expect(world.notifier.approverMails[0]?.text).toContain(
      `Decision log: 1 entry, head 1:${first?.hash ?? ''}`,
    )
  })
})

describe('gate and log', () => {
  const audited = async (world: GateWorld, gate: string) => auditedGate.parse(await world.theGate(gate))

  test.each([
    ['approved', ['approve', 'approve']],
    ['held', ['hold']],
    ['repair', ['repair']],
    ['rollback', ['rollback']],
  ])('agree on a gate that is %s', async (status, decisions) => {
    const { world, gate, decide } = await judged()
    for (const [n, decision] of decisions.entries())
      await decide(n === 0 ? 's@example.com' : 'q@example.com', decision)
    await world.act(gate)
    const there = await audited(world, gate)
    expect(there.status).toBe(status)
    expect(verifyGate(there, entriesOf(world))).toEqual([])
    const record = await world.runs.stage('places', 'cities', 'pilot')
    expect(record && verifyStage(stageKey(record), record, entriesOf(world))).toEqual([])
  })

  test('agree after it expired', async () => {
    const { world, gate } = await judged()
    world.clock.time += 40 * 24 * 3_600_000
    await world.enter(gate)
    expect(verifyGate(await audited(world, gate), entriesOf(world))).toEqual([])
  })

  test('disagree where either was changed, and it is said where', async () => {
    const { world, gate, decide } = await judged()
    await decide('s@example.com', 'approve')
    await decide('q@example.com', 'approve')
    await world.act(gate)
    const there = await audited(world, gate)
    const entries = entriesOf(world)
    const [first, second] = there.decisions
    if (!first || !second) throw new Error('two have decided')
    const about = { kind: 'disagrees', side: 'gate' }
    const changed = { ...there, decisions: [{ ...first, address: 'x@example.com' }, second] }
    expect(verifyGate(changed, entries)).toMatchObject([
      { ...about, at: gate },
      { ...about, entry: 3 },
    ])
    expect(verifyGate({ ...there, decisions: [first] }, entries)).toMatchObject([{ ...about, entry: 4 }])
    expect(verifyGate({ ...there, evidence: 'f'.repeat(64) }, entries)).toMatchObject([
      { ...about, at: gate },
    ])
    expect(verifyGate({ ...there, status: 'overridden' }, entries)).toMatchObject([{ ...about, at: gate }])
    const without = entries.filter(({ entry }) => entry.event.kind !== 'quorum-completed')
    expect(verifyGate(there, without)).toMatchObject([about])
    const record = await world.runs.stage('places', 'cities', 'pilot')
    if (!record) throw new Error('no record')
    expect(verifyStage(stageKey(record), record, without)).toMatchObject([{ ...about, at: 'cities / pilot' }])
    expect(verifyStage(stageKey(record), { ...record, evidence: 'f'.repeat(64) }, entries)).toMatchObject([
      about,
    ])
  })
})
