import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { LockgateError } from '../../../../lambdas/shared/contract/errors.ts'
import type { Step } from '../../../../lambdas/shared/domain/checkpoint.ts'
import type { Json } from '../../../../local/states/json.ts'
import { BatchWorld, thingsSegment } from '../../../support/batch-world.ts'
import { Crash } from '../../../support/interruptions.ts'
import { FunctionError, MACHINE, ROLE, World, idle } from './support.ts'

/** The state machine of a stage, as it is deployed, over the steps of a batch and answers for all else. */
const definition = readFileSync(join(import.meta.dirname, '../../../../statemachines/stage.asl.json'), 'utf8')
  .replaceAll(/\$\{(\w+?)Function\}/g, (_, name: string) => `arn:aws:lambda:eu-west-1:1:function:${name}:1`)
  .replaceAll('${StagingBucket}', 'staging')
const rows = Array.from({ length: 7 }, (_, id) => ({ id, size: id * 10 }))
const steps: Readonly<Record<string, Step>> = {
  ...{ Extract: 'extract', Transform: 'transform', Load: 'load', Reconcile: 'reconcile' },
}

let world: World
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

/** Runs a stage of one batch. `strike` comes before the first call of a step. Answers the steps as they were called. */
async function runStage(batch: BatchWorld, loads: boolean, strike: (step: Step) => void): Promise<Step[]> {
  world = new World()
  // The steps really work, which no clock that jumps would wait for.
  world.clock.auto = false
  const called: Step[] = []
  world.objects.set('archive/selection', '{"batch":"000001"}\n')
  world.work = async (_, { functionArn }): Promise<Json> => {
    const name = functionArn.split(':')[6] ?? ''
    const step = steps[name]
    if (!step) return name === 'SelectBatches' ? { bucket: 'archive', key: 'selection', manifest: 'm1' } : {}
    // Definitions that circle have to end some time.
    if (called.length === 20) throw new FunctionError('TooOften', called.join())
    if (!called.includes(step)) strike(step)
    called.push(step)
    try {
      return { ...(await batch.run(step, { loads })) }
    } catch (error) {
      if (error instanceof Crash) void endRetryDelay()
      if (error instanceof Crash) throw new FunctionError('Runtime.ExitError', error.message)
      if (error instanceof LockgateError) throw new FunctionError(error.name, error.message)
      throw error
    }
  }
  world.engine.registerStateMachine({ name: 'stage', arn: MACHINE, roleArn: ROLE, definition })
  const ref = { run: { concurrency: 1 }, segment: 'things', stage: 'pilot' }
  const input = { ...ref, plans: false, loads, checksWholeTarget: false }
  const { facts } = world.engine.startExecution({ stateMachineArn: MACHINE, input })
  const ended = await world.engine.ended(facts.arn)
  expect(ended.facts).toMatchObject({ status: 'SUCCEEDED' })
  return called
}

async function endRetryDelay(): Promise<void> {
  const { slept } = world.clock
  const sleeps = slept.length
  while (slept.length === sleeps) await idle(1)
  await world.clock.advance(60_000)
}

const cases = [
  ['transform', true, ['extract', 'transform', 'transform', 'extract', 'transform', 'load', 'reconcile']],
  ['load', true, ['extract', 'transform', 'load', 'load', 'extract', 'transform', 'load', 'reconcile']],
  [
    'reconcile',
    false,
    ['extract', 'transform', 'reconcile', 'reconcile', 'extract', 'transform', 'reconcile'],
  ],
] as const

test.each(cases)(
  'what is staged has expired before %s, which is killed before it can say so: the batch begins at extract again',
  async (last, loads, expected) => {
    const batch = await BatchWorld.open(rows)
    const { segment } = batch
    const sendBack = batch.checkpoints.sendBack.bind(batch.checkpoints)
    const called = await runStage(batch, loads, (step) => {
      if (step !== last) return
      batch.staging.objects.clear()
      // A rehearsal's reconcile looks at what is staged where the mapping seems to answer differently.
      if (!loads) batch.segment = thingsSegment({ map: { ...segment.map, size: () => -1 } })
      batch.checkpoints.sendBack = async (request) => {
        await sendBack(request)
        batch.segment = segment
        batch.checkpoints.sendBack = sendBack
        throw new Crash('killed before it is reported')
      }
    })
    expect(called).toEqual(expected)
    expect(await batch.checkpoint()).toMatchObject({
      state: loads ? 'reconciled' : 'transformed',
      reconciliation: { compared: 7, missing: 0 },
    })
    expect(batch.target.writes).toBe(loads ? 7 : 0)
  },
)

test('where nobody is killed, the step says itself what is gone', async () => {
  const batch = await BatchWorld.open(rows)
  const called = await runStage(batch, true, (step) => {
    if (step === 'load') batch.staging.objects.clear()
  })
  expect(called).toEqual(['extract', 'transform', 'load', 'extract', 'transform', 'load', 'reconcile'])
})
