import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../lambdas/shared/contract/stages.ts'
import type { MigrationOptions } from '../../../lambdas/shared/domain/definition/migration.ts'
import { GateWorld, hour } from '../../support/gate-world.ts'

const steward = 'steward@example.com'
const owner = 'owner@example.com'
const wrong = { batches: { total: 2, done: 1, failed: 1, unfinished: 0 } }
const later = { endedAt: '2026-01-01T00:00:30.000Z' }
const decider: Partial<Record<Decision, string>> = { override: owner }

/** A measured stage at its gate, whose run has ended without having acted. */
async function left(
  verdict: 'pass' | 'fail',
  policy: Partial<MigrationOptions['gate']> = {},
  more: Partial<MigrationOptions> = {},
) {
  const world = new GateWorld({ quorum: { steward: 1 }, override: 'owner', ...policy }, more)
  world.approvers = { steward: [steward], owner: [owner] }
  const { gate } = await world.judge(verdict === 'pass' ? {} : wrong)
  world.executions.waiting.delete(await world.enter(gate))
  const decide = async (decision: Decision) => {
    const { evidence } = await world.theGate(gate)
    const form = { decision, reason: 'as it should be', evidence }
    return world.decide(world.link(1, decider[decision] ?? steward), form)
  }
  return {
    ...{ world, gate, decide, there: () => world.theGate(gate) },
    record: () => world.runs.stage('places', 'cities', 'pilot'),
    kinds: () => world.log.events('places').map(({ kind }) => kind),
    /** The next run goes on at the gate, and is answered at once. */
    carriedOut: async () => {
      const mails = world.notifier.approverMails.length
      const token = await world.enter(gate)
      expect(world.executions.answers.at(-1)).toMatchObject({ taskToken: token })
      expect(world.notifier.approverMails).toHaveLength(mails)
      return (await world.act(gate)).status
    },
  }
}

describe('what was decided while no run was there is carried out by the next', () => {
  test.each([
    ['fail', 'rollback', 'rollback', 'rolled-back'],
    ['pass', 'rollback', 'rollback', 'rolled-back'],
    ['fail', 'override', 'overridden', 'overridden'],
    ['pass', 'override', 'overridden', 'overridden'],
    ['pass', 'approve', 'passed', 'quorum-completed'],
  ] as const)('verdict %s, %s: it is not run again', async (verdict, decision, status, kind) => {
    const { world, gate, decide, record, kinds, carriedOut } = await left(verdict)
    expect((await decide(decision)).bell).toBe('stale')
    world.begin('run-2')
    expect(await world.beginStage()).toMatchObject({ action: 'gate', gate })
    expect(await record()).toMatchObject({ status: 'judged', run: 'run-1' })
    expect(await carriedOut()).toBe(status)
    expect(await record()).toMatchObject({ status, evidence: (await world.theGate(gate)).evidence })
    expect(kinds().at(-1)).toBe(kind)
    world.begin('run-3')
    expect(await world.beginStage()).toMatchObject({ action: 'skip' })
  })

  test.each(['rollback', 'override'] as const)(
    '%s: and is in the log before, though it could not be logged at once',
    async (decision) => {
      const { world, gate, decide, record, kinds } = await left('fail')
      await world.withoutLog(async () => {
        expect((await decide(decision)).unlogged?.message).toBe('away')
        world.begin('run-2')
        await world.beginStage()
        await expect(world.enter(gate)).rejects.toThrow('away')
        await expect(world.act(gate)).rejects.toThrow('away')
        expect(await record()).toMatchObject({ status: 'judged' })
      })
      await world.act(gate)
      expect(kinds().at(-1)).toBe(decision === 'rollback' ? 'rolled-back' : 'overridden')
    },
  )

  test.each(['pass', 'fail'] as const)(
    'verdict %s: so is a rollback that nobody decided in time, and nobody has recorded',
    async (verdict) => {
      const { world, gate, kinds, there, carriedOut } = await left(verdict, { onExpiry: 'rollback' })
      world.clock.time += 72 * hour
      expect((await there()).status).toBe('open')
      world.begin('run-2')
      expect(await world.beginStage()).toMatchObject({ action: 'gate', gate })
      expect(await carriedOut()).toBe('rollback')
      expect(kinds().at(-1)).toBe('expired')
    },
  )

  test.each(['rollback', 'override'] as const)(
    '%s: also at a gate that was held before, whose run then ended',
    async (decision) => {
      const { world, gate, decide, record, carriedOut } = await left('pass')
      await decide('hold')
      await world.act(gate)
      world.begin('run-2')
      expect(await world.beginStage()).toMatchObject({ action: 'gate' })
      await world.enter(gate)
      await decide(decision)
      expect(await record()).toMatchObject({ status: 'held' })
      world.begin('run-3')
      expect(await world.beginStage()).toMatchObject({ action: 'gate' })
      expect(await carriedOut()).toBe(decision === 'rollback' ? 'rollback' : 'overridden')
    },
  )
})

describe('what asks for another run is that run', () => {
  test.each(['pass', 'fail'] as const)(
    'verdict %s: a stage that was sent back is run again at once, and is asked about anew',
    async (verdict) => {
      const { world, gate, decide, there, kinds } = await left(verdict)
      await decide('repair')
      world.begin('run-2')
      expect(await world.beginStage()).toMatchObject({ action: 'run' })
      await world.judge(later)
      expect(await there()).toMatchObject({ status: 'open', opening: 2, verdict: 'pass' })
      await world.enter(gate)
      expect(kinds().slice(-3)).toEqual(['sent-back', 'gate-opened', 'asked'])
    },
  )

  test('so is one whose gate came to a repair by its expiry', async () => {
    const { world, kinds } = await left('pass', { onExpiry: 'repair' })
    world.clock.time += 72 * hour
    world.begin('run-2')
    expect(await world.beginStage()).toMatchObject({ action: 'run' })
    await world.judge(later)
    expect(kinds().slice(-2)).toEqual(['expired', 'gate-opened'])
  })

  test('a held stage goes back to its gate where it can be passed, and is run again where it cannot', async () => {
    for (const [verdict, action] of [
      ['pass', 'gate'],
      ['fail', 'run'],
    ] as const) {
      const { world, decide } = await left(verdict)
      await decide('hold')
      world.begin('run-2')
      expect(await world.beginStage()).toMatchObject({ action })
    }
  })
})

describe('while the stage is run again', () => {
  async function atWork(policy: Partial<MigrationOptions['gate']> = {}) {
    const all = await left('fail', policy)
    all.world.begin('run-2')
    expect(await all.world.beginStage()).toMatchObject({ action: 'run' })
    expect(await all.record()).toMatchObject({ status: 'running', run: 'run-2' })
    return all
  }

  test('a rollback wins: what is measured then does not open the gate again', async () => {
    const { world, decide, there, record, kinds, carriedOut } = await atWork()
    await decide('rollback')
    const before = await there()
    expect(await world.judge(later)).toEqual({
      ...{ gate: before.id, verdict: 'fail', evidence: before.evidence },
    })
    expect(await there()).toEqual(before)
    expect(await record()).toMatchObject({ status: 'judged', run: 'run-2', evidence: before.evidence })
    expect(await carriedOut()).toBe('rollback')
    expect(kinds().at(-1)).toBe('rolled-back')
    // A late attempt.
    await world.judge(later)
    expect(await record()).toMatchObject({ status: 'rollback' })
  })

  test('so does one that came of an expiry, recorded or not', async () => {
    const { world, there, kinds, carriedOut } = await atWork({ onExpiry: 'rollback' })
    world.clock.time += 72 * hour
    await world.judge(later)
    expect(await there()).toMatchObject({ status: 'rollback', opening: 1 })
    expect(kinds().at(-1)).toBe('expired')
    expect(await carriedOut()).toBe('rollback')
  })

  test('and a run that ends meanwhile leaves it to the next, which loads nothing more', async () => {
    const { world, gate, decide, record, carriedOut } = await atWork()
    await decide('rollback')
    world.begin('run-3')
    expect(await world.beginStage()).toMatchObject({ action: 'gate', gate })
    const { evidence } = await world.theGate(gate)
    expect(await record()).toMatchObject({ status: 'judged', gate, evidence, verdict: 'fail' })
    expect(await carriedOut()).toBe('rollback')
  })

  test('and a late attempt to begin takes nothing back', async () => {
    const { world, decide, record, carriedOut } = await atWork()
    await decide('rollback')
    world.begin('run-3')
    const update = world.runs.updateStage.bind(world.runs)
    world.runs.updateStage = async (...given) => {
      world.runs.updateStage = update
      await world.beginStage()
      expect(await carriedOut()).toBe('rollback')
      return update(...given)
    }
    expect(await world.beginStage()).toMatchObject({ action: 'gate' })
    expect(await record()).toMatchObject({ status: 'rollback' })
  })

  test('an override of the evidence before lapses', async () => {
    const { world, decide, there } = await atWork()
    await decide('override')
    world.begin('run-3')
    expect(await world.beginStage()).toMatchObject({ action: 'run' })
    await world.judge(later)
    expect(await there()).toMatchObject({ status: 'open', opening: 2 })
  })

  test('one of evidence that is new counts, though the run ended before the stage had it', async () => {
    const { world, gate, decide, record, carriedOut } = await atWork()
    await world.withoutLog(async () => {
      await expect(world.judge({ ...wrong, ...later })).rejects.toThrow('away')
    })
    expect(await record()).toMatchObject({ status: 'running' })
    await decide('override')
    world.begin('run-3')
    expect(await world.beginStage()).toMatchObject({ action: 'gate', gate })
    expect(await carriedOut()).toBe('overridden')
  })
})

describe('while the stage waits for its calendar', () => {
  async function waiting() {
    const all = await left('fail', {}, { calendar: 'businessHours' })
    all.world.calendars.states.set('businessHours', { isOpen: false })
    all.world.begin('run-2')
    expect(await all.world.beginStage()).toMatchObject({ action: 'wait' })
    expect(await all.world.beginStage()).toMatchObject({ action: 'wait' })
    return all
  }

  test.each(['rollback', 'override'] as const)('%s counts, and is not kept waiting', async (decision) => {
    const { world, decide, record, carriedOut } = await waiting()
    await decide(decision)
    expect(await world.beginStage()).toMatchObject({ action: 'gate' })
    expect(await carriedOut()).toBe(decision === 'rollback' ? 'rollback' : 'overridden')
    expect(await record()).not.toHaveProperty('window')
  })

  test('undecided it is run again when the calendar opens', async () => {
    const { world, record } = await waiting()
    world.calendars.states.set('businessHours', { isOpen: true })
    expect(await world.beginStage()).toMatchObject({ action: 'run' })
    expect(await record()).not.toHaveProperty('evidence')
  })
})

test('a rollback holds for its definition, whatever another has done since, and whatever has become of the source', async () => {
  const { world, gate, decide, record, carriedOut } = await left('fail')
  await decide('rollback')
  const before = await record()
  if (!before) throw new Error('no record')
  await world.runs.saveStage('places', { ...before, fingerprint: 'b2'.repeat(32), status: 'repair' })
  world.source.find = async () => [{ key: 'new', size: 1, etag: '"1"' }]
  world.begin('run-2')
  expect(await world.beginStage()).toMatchObject({ action: 'gate', gate })
  expect(await carriedOut()).toBe('rollback')
  expect(await world.beginStage()).toMatchObject({ action: 'skip' })
})
