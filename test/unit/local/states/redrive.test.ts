import { afterEach, beforeEach, expect, test } from 'vitest'
import { FunctionError, World, call, callback, idle } from './support.ts'

let world: World
let broken: boolean
beforeEach(() => {
  world = new World()
  broken = true
  world.work = (payload) => {
    if (broken && payload !== 'good') throw new FunctionError('Broken', 'no')
    return payload
  }
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

async function redrive(arn: string) {
  broken = false
  await world.engine.redriveExecution(arn)
  return world.engine.ended(arn)
}

const payloads = () => world.invocations.map(({ payload }) => payload)

test("Redrive: re-enters the failed state with its input and variables; finished states are not run again (developer guide, 'Redriving executions')", async () => {
  const { facts } = await world.run(
    {
      A: call({ Output: 'from A', Assign: { n: 5 }, Next: 'B' }),
      B: {
        ...call({
          Output: ['{% $states.input %}', '{% $n %}', '{% $states.context.Execution.RedriveCount %}'],
        }),
      },
    },
    'good',
  )
  expect(facts.status).toBe('FAILED')
  const again = await redrive(facts.arn)
  expect(again.facts).toMatchObject({ status: 'SUCCEEDED', output: ['from A', 5, 1], redriveCount: 1 })
  expect(payloads()).toEqual(['good', 'from A', 'from A'])
  expect(world.types(facts.arn).slice(-6)).toEqual([
    'ExecutionRedriven',
    'TaskScheduled',
    'TaskStarted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ])
  expect(world.changes.map(({ status }) => status)).toEqual(['RUNNING', 'FAILED', 'RUNNING', 'SUCCEEDED'])
})

test("Redrive: retries begin anew (developer guide, 'Redriving executions')", async () => {
  const { facts } = await world.run(
    { A: call({ Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 1 }] }) },
    'bad',
  )
  let left = 1
  world.work = () => {
    if (left-- > 0) throw new FunctionError('Broken', 'no')
    return 'done'
  }
  expect((await redrive(facts.arn)).facts.status).toBe('SUCCEEDED')
})

test("Redrive: the machine's timeout begins anew (developer guide, 'Redriving executions')", async () => {
  const states = { A: { Type: 'Wait', Seconds: 50, Next: 'B' }, B: { Type: 'Wait', Seconds: 50, End: true } }
  const { facts } = await world.run(states, {}, { TimeoutSeconds: 60 })
  expect(facts.status).toBe('TIMED_OUT')
  expect((await redrive(facts.arn)).facts.status).toBe('SUCCEEDED')
})

test("Redrive: a Fail state fails again (developer guide, 'Redrive behavior of individual states')", async () => {
  const { facts } = await world.run({ F: { Type: 'Fail', Error: 'Mine' } })
  expect((await redrive(facts.arn)).facts).toMatchObject({ status: 'FAILED', error: 'Mine', redriveCount: 1 })
})

test("Redrive: of an inline Map and a Parallel only what did not succeed runs again (developer guide, 'Redrive behavior of individual states')", async () => {
  const processor = { StartAt: 'T', States: { T: call() } }
  const map = { Type: 'Map', Items: ['good', 'bad'], MaxConcurrency: 1, ItemProcessor: processor, End: true }
  const { facts } = await world.run({
    P: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'M', States: { M: map } },
        { StartAt: 'S', States: { S: { Type: 'Succeed' } } },
      ],
      End: true,
    },
  })
  expect(facts.status).toBe('FAILED')
  expect((await redrive(facts.arn)).facts.output).toEqual([['good', 'bad'], {}])
  expect(payloads()).toEqual(['good', 'bad', 'bad'])
})

const distributed = (type: string) => ({
  M: {
    Type: 'Map',
    Items: ['good', 'bad', 'worse'],
    MaxConcurrency: 1,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
      StartAt: 'T',
      States: { T: call() },
    },
    End: true,
  },
})

test("Redrive: failed Standard children are redriven, those never begun are started, in the same Map Run (developer guide, 'Redriving Map Runs')", async () => {
  const { facts } = await world.run(distributed('STANDARD'))
  const again = await redrive(facts.arn)
  expect(again.facts.output).toEqual(['good', 'bad', 'worse'])
  expect(payloads()).toEqual(['good', 'bad', 'bad', 'worse'])
  const [run, ...more] = world.engine.mapRuns(facts.arn)
  expect(more).toEqual([])
  expect(run?.facts).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 })
  expect(run?.children.map((child) => child?.facts.redriveCount)).toEqual([0, 1, 0])
  expect(world.types(facts.arn)).toContain('MapRunRedriven')
  expect(world.asked.map(({ action }) => action)).toContain('states:RedriveExecution')
})

test("Redrive: failed Express children are started anew (developer guide, 'Redriving Map Runs')", async () => {
  const { facts } = await world.run(distributed('EXPRESS'))
  const before = world.engine.mapRuns(facts.arn)[0]?.children[1]?.facts.arn
  expect((await redrive(facts.arn)).facts.output).toEqual(['good', 'bad', 'worse'])
  const after = world.engine.mapRuns(facts.arn)[0]?.children[1]?.facts
  expect(after?.arn).not.toBe(before)
  expect(after?.redriveCount).toBe(0)
})

test('Redrive: a Map Run that fails again can be redriven again', async () => {
  const { facts } = await world.run(distributed('STANDARD'))
  await world.engine.redriveExecution(facts.arn)
  expect((await world.engine.ended(facts.arn)).facts.status).toBe('FAILED')
  expect((await redrive(facts.arn)).facts).toMatchObject({ status: 'SUCCEEDED', redriveCount: 2 })
  expect(payloads()).toEqual(['good', 'bad', 'bad', 'bad', 'worse'])
})

test('Redrive: works after a restart too', async () => {
  const { facts } = await world.run(distributed('STANDARD'))
  await world.restart()
  world.engine.recover()
  expect((await redrive(facts.arn)).facts.output).toEqual(['good', 'bad', 'worse'])
  expect(payloads()).toEqual(['good', 'bad', 'bad', 'worse'])
})

test('Redrive: a stopped callback task gets a new token (API reference, RedriveExecution)', async () => {
  broken = false
  const arn = world.register({ T: callback() })
  const { facts } = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  world.engine.stopExecution(facts.arn)
  await world.engine.redriveExecution(facts.arn)
  await idle()
  const [first, second] = payloads() as { token: string }[]
  expect(() => world.engine.sendTaskSuccess(first?.token ?? '', '1')).toThrow(
    expect.objectContaining({ type: 'TaskTimedOut' }),
  )
  world.engine.sendTaskSuccess(second?.token ?? '', '2')
  expect((await world.engine.ended(facts.arn)).facts.output).toBe(2)
})

test("Redrive: not of a succeeded one, nor after 14 days (developer guide, 'Redrive eligibility')", async () => {
  const done = await world.run({ P: { Type: 'Pass', End: true } })
  await expect(world.engine.redriveExecution(done.facts.arn)).rejects.toMatchObject({
    type: 'ExecutionNotRedrivable',
  })
  const { facts } = await world.run({ F: { Type: 'Fail' } })
  world.clock.time += 14 * 24 * 3600 * 1000 + 1
  await expect(world.engine.redriveExecution(facts.arn)).rejects.toMatchObject({
    type: 'ExecutionNotRedrivable',
  })
})
