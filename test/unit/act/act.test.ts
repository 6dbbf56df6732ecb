import { expect, test } from 'vitest'
import { GateWorld } from '../../support/gate-world.ts'

async function decided(decision: string) {
  const world = new GateWorld()
  const { gate, evidence } = await world.judge()
  await world.enter(gate)
  await world.decide(world.link(), { decision, reason: 'because of this', evidence })
  return { world, gate }
}

test.each([
  ['approve', 'passed'],
  ['repair', 'repair'],
  ['rollback', 'rollback'],
  ['hold', 'held'],
])('%s makes the stage %s, however often it is asked', async (decision, status) => {
  const { world, gate } = await decided(decision)
  expect(await world.act(gate)).toEqual({ status })
  expect(await world.act(gate)).toEqual({ status })
  expect(await world.runs.stage('places', 'cities', 'pilot')).toMatchObject({ status })
})

test('an answer that nobody decided passes nothing', async () => {
  const world = new GateWorld()
  const { gate } = await world.judge()
  await expect(world.act(gate)).rejects.toMatchObject({ name: 'GateClosed' })
  await expect(world.act('other')).rejects.toMatchObject({ name: 'GateNotFound' })
  expect(await world.runs.stage('places', 'cities', 'pilot')).toMatchObject({ status: 'judged' })
})

test('an approval of other evidence, or of a stage that has not passed, passes nothing', async () => {
  const { world, gate } = await decided('approve')
  const record = await world.runs.stage('places', 'cities', 'pilot')
  if (!record) throw new Error('no record')
  await world.runs.saveStage('places', { ...record, evidence: 'ff'.repeat(32) })
  await expect(world.act(gate)).rejects.toMatchObject({ name: 'StaleEvidence' })
  await world.runs.saveStage('places', record)
  await world.gates.updateGate(gate, (there) => ({ ...there, verdict: 'fail' }))
  await expect(world.act(gate)).rejects.toMatchObject({ name: 'StageNotPassed' })
})

test('a run that lost its lock acts on nothing', async () => {
  const { world, gate } = await decided('approve')
  const stale = world.run
  world.begin('run-2')
  world.run = stale
  await expect(world.act(gate)).rejects.toMatchObject({ name: 'LockLost' })
})
