import { expect, test } from 'vitest'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'
import { GateWorld, hour } from '../../support/gate-world.ts'

test('evidence is stored under its hash, and gate and stage name it', async () => {
  const world = new GateWorld()
  const judgement = await world.judge()
  expect(judgement.verdict).toBe('pass')
  const gate = await world.theGate(judgement.gate)
  const text = world.evidence.text(gate.evidenceKey)
  expect(sha256(text ?? '')).toBe(judgement.evidence)
  expect(gate).toMatchObject({ status: 'open', evidence: judgement.evidence, verdict: 'pass', opening: 1 })
  expect(gate.expiresAt - gate.openedAt).toBe(72 * hour)
  expect(await world.runs.stage('places', 'cities', 'pilot')).toMatchObject({
    status: 'judged',
    verdict: 'pass',
    evidence: judgement.evidence,
    gate: judgement.gate,
  })
  expect(JSON.parse(text ?? '')).toMatchObject({ seconds: 20, recordsPerSecond: 50 })
})

test('a report for people lies beside the evidence, under the same name', async () => {
  const world = new GateWorld()
  const { gate, evidence } = await world.judge()
  const { evidenceKey } = await world.theGate(gate)
  const report = world.evidence.text(evidenceKey.replace(/\.json$/, '.html'))
  expect(report).toContain(evidence)
  expect(report).toContain('<h1>Stage pilot of cities: pass</h1>')
})

test('judged again, later, the same summary gives the same evidence and leaves the gate alone', async () => {
  const world = new GateWorld()
  const first = await world.judge()
  const before = await world.theGate(first.gate)
  world.clock.time += hour
  expect(await world.judge()).toEqual(first)
  expect(await world.theGate(first.gate)).toEqual(before)
})

test('other evidence is put before the same gate, and approvals of the earlier lapse', async () => {
  const world = new GateWorld()
  const first = await world.judge()
  await world.enter(first.gate)
  await world.decide(world.link(), { decision: 'approve', reason: 'looks right', evidence: first.evidence })
  expect(await world.theGate(first.gate)).toMatchObject({ status: 'approved' })

  const second = await world.judge({ endedAt: '2026-01-01T00:00:30.000Z' })
  expect(second.gate).toBe(first.gate)
  expect(second.evidence).not.toBe(first.evidence)
  const gate = await world.theGate(first.gate)
  expect(gate).toMatchObject({ status: 'open', opening: 2, evidence: second.evidence })
  expect(gate.decisions).toHaveLength(1)
  await expect(world.act(first.gate)).rejects.toThrow(/still open/)
})

test('a run that lost its lock judges nothing', async () => {
  const world = new GateWorld()
  const stale = world.run
  world.begin('run-2')
  world.run = stale
  await expect(world.judge()).rejects.toMatchObject({ name: 'LockLost' })
  expect(world.gates.gates.size).toBe(0)
})

test('a summary of another stage or definition is refused', async () => {
  const world = new GateWorld()
  await expect(world.judge({ stage: 'full' })).rejects.toMatchObject({ name: 'InvalidInput' })
  await expect(world.judge({ fingerprint: 'ff'.repeat(32) })).rejects.toMatchObject({ name: 'InvalidInput' })
})
