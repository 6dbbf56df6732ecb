import { afterEach, beforeEach, expect, test } from 'vitest'
import { FunctionError, World, call, callback, idle, refusal, tokenOf } from './support.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

function failing(times: number, type = 'Flaky') {
  let left = times
  world.work = () => {
    if (left-- > 0) throw new FunctionError(type, 'no')
    return 'done'
  }
}

const caught = { Type: 'Pass', End: true }

test("Retry: the defaults are 3 attempts after 1, 2 and 4 seconds (States Language, 'Retrying after error')", async () => {
  failing(Infinity)
  const { facts } = await world.run({ T: call({ Retry: [{ ErrorEquals: ['Flaky'] }] }) })
  expect(facts).toMatchObject({ status: 'FAILED', error: 'Flaky' })
  expect(world.clock.slept).toEqual([1000, 2000, 4000])
})

test("Retry: MaxAttempts 0 means never retry (States Language, 'Retrying after error')", async () => {
  failing(1)
  const retry = [{ ErrorEquals: ['Flaky'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }]
  const { facts } = await world.run({ T: call({ Retry: retry }) })
  expect(facts.error).toBe('Flaky')
  expect(world.invocations).toHaveLength(1)
})

test("Retry: MaxDelaySeconds holds the backoff (States Language, 'Retrying after error')", async () => {
  failing(4)
  const retrier = {
    ErrorEquals: ['Flaky'],
    IntervalSeconds: 3,
    BackoffRate: 2,
    MaxAttempts: 4,
    MaxDelaySeconds: 7,
  }
  expect((await world.run({ T: call({ Retry: [retrier] }) })).facts.output).toBe('done')
  expect(world.clock.slept).toEqual([3000, 6000, 7000, 7000])
})

test("Retry: JitterStrategy FULL waits between 0 and the delay (States Language, 'Retrying after error')", async () => {
  failing(2)
  world.chance = 0.25
  await world.run({
    T: call({ Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 4, JitterStrategy: 'FULL' }] }),
  })
  expect(world.clock.slept).toEqual([1000, 2000])
})

test("Retry: each Retrier counts its own attempts (States Language, 'Retrying after error')", async () => {
  const errors = ['A', 'B', 'A', 'B', 'A']
  world.work = () => {
    const type = errors.shift()
    if (type !== undefined) throw new FunctionError(type, 'no')
    return 'done'
  }
  const retry = [
    { ErrorEquals: ['A'], MaxAttempts: 2 },
    { ErrorEquals: ['B'], MaxAttempts: 2 },
  ]
  expect((await world.run({ T: call({ Retry: retry }) })).facts.error).toBe('A')
  expect(world.invocations).toHaveLength(5)
})

test("Retry: RetryCount in the context counts the retries (developer guide, 'Context object')", async () => {
  failing(2)
  const task = call({ Arguments: { FunctionName: 'f', Payload: '{% $states.context.State.RetryCount %}' } })
  await world.run({ T: { ...task, Retry: [{ ErrorEquals: ['Flaky'] }] } })
  expect(world.invocations.map(({ payload }) => payload)).toEqual([0, 1, 2])
})

test("Retry: a Map that is retried runs all its iterations again (States Language, 'Retrying after error')", async () => {
  failing(1)
  const processor = { StartAt: 'T', States: { T: call() } }
  const map = { Type: 'Map', Items: [1, 2], MaxConcurrency: 1, ItemProcessor: processor, End: true }
  const { facts } = await world.run({ M: { ...map, Retry: [{ ErrorEquals: ['Flaky'] }] } })
  expect(facts.output).toEqual(['done', 'done'])
})

test("Catch: the error output goes to Next; Output and Assign may shape it (States Language, 'Fallback states')", async () => {
  failing(1)
  const catcher = {
    ErrorEquals: ['Flaky'],
    Assign: { error: '{% $states.errorOutput.Error %}' },
    Output: '{% $parse($states.errorOutput.Cause).errorMessage %}',
    Next: 'C',
  }
  const { facts } = await world.run({
    T: call({ Assign: { error: 'not this' }, Catch: [catcher] }),
    C: { ...caught, Output: ['{% $error %}', '{% $states.input %}'] },
  })
  expect(facts.output).toEqual(['Flaky', 'no'])
})

test("Catch: retries come first (States Language, 'Fallback states')", async () => {
  failing(Infinity)
  const retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }]
  const states = { T: call({ Retry: retry, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }), C: caught }
  expect((await world.run(states)).facts.output).toMatchObject({ Error: 'Flaky' })
  expect(world.invocations).toHaveLength(2)
})

test("Catch: an error in the state's Output can be caught (States Language, 'JSONata Errors')", async () => {
  const catcher = { ErrorEquals: ['States.QueryEvaluationError'], Next: 'C' }
  const { facts } = await world.run({
    T: call({ Output: '{% $states.result.none %}', Catch: [catcher] }),
    C: caught,
  })
  expect(facts.output).toMatchObject({ Error: 'States.QueryEvaluationError' })
  expect(world.types(facts.arn)).toContain('EvaluationFailed')
})

const big = 'x'.repeat(300_000)

test("Catch: States.ALL does not catch States.DataLimitExceeded (developer guide, 'Error names')", async () => {
  world.work = () => big
  const states = { T: call({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }), C: caught }
  expect((await world.run(states)).facts).toMatchObject({
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
  })
})

test("Catch: States.DataLimitExceeded is caught by its own name (developer guide, 'Error names')", async () => {
  world.work = () => big
  const states = { T: call({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'C' }] }), C: caught }
  expect((await world.run(states)).facts.output).toMatchObject({ Error: 'States.DataLimitExceeded' })
})

test("Catch: nothing catches States.Runtime (developer guide, 'Error names')", async () => {
  const catchers = [
    { ErrorEquals: ['States.Runtime'], Next: 'C' },
    { ErrorEquals: ['States.ALL'], Next: 'C' },
  ]
  const states = {
    T: call({ Arguments: { Payload: 1 }, Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: catchers }),
    C: caught,
  }
  expect((await world.run(states)).facts).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  expect(world.clock.slept).toEqual([])
})

test("Catch: States.TaskFailed covers any error but a timeout (developer guide, 'Error names')", async () => {
  failing(1, 'Anything')
  const catcher = [{ ErrorEquals: ['States.TaskFailed'], Next: 'C' }]
  expect((await world.run({ T: call({ Catch: catcher }), C: caught })).facts.status).toBe('SUCCEEDED')
  world.work = () => new Promise<never>(() => undefined)
  const late = await world.run({ T: call({ TimeoutSeconds: 1, Catch: catcher }), C: caught })
  expect(late.facts).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
})

test("Task: TimeoutSeconds ends it with States.Timeout, also by JSONata (States Language, 'Task State')", async () => {
  world.work = () => new Promise<never>(() => undefined)
  const states = {
    T: call({ TimeoutSeconds: '{% 30 %}', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'C' }] }),
    C: caught,
  }
  const { facts } = await world.run(states)
  expect(facts.output).toEqual({ Error: 'States.Timeout' })
  expect((facts.stopDate ?? 0) - facts.startDate).toBe(30_000)
  expect(world.types(facts.arn)).toContain('TaskTimedOut')
})

test("Task: a callback task without heartbeat in time fails with States.HeartbeatTimeout (States Language, 'Task State')", async () => {
  const { facts } = await world.run({ T: callback({ TimeoutSeconds: 100, HeartbeatSeconds: 10 }) })
  expect(facts).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' })
  expect((facts.stopDate ?? 0) - facts.startDate).toBe(10_000)
})

test("Task: each heartbeat begins the time anew, until the timeout (States Language, 'Task State')", async () => {
  world.clock.auto = false
  const arn = world.register({ T: callback({ TimeoutSeconds: 25, HeartbeatSeconds: 10 }) })
  const execution = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  for (const _ of [1, 2]) {
    await world.clock.advance(9_000)
    world.engine.sendTaskHeartbeat(tokenOf(world))
    await idle()
  }
  expect(execution.facts.status).toBe('RUNNING')
  await world.clock.advance(7_000)
  expect(execution.facts.error).toBe('States.Timeout')
})

test("Machine: TimeoutSeconds ends the execution as TIMED_OUT (States Language, 'Top-level fields')", async () => {
  const { facts } = await world.run(
    { W: { Type: 'Wait', Seconds: 100, End: true } },
    {},
    { TimeoutSeconds: 60 },
  )
  expect(facts).toMatchObject({ status: 'TIMED_OUT' })
  expect((facts.stopDate ?? 0) - facts.startDate).toBe(60_000)
  expect(world.types(facts.arn).at(-1)).toBe('ExecutionTimedOut')
  expect(world.changes.map(({ status }) => status)).toEqual(['RUNNING', 'TIMED_OUT'])
})

test("Task: a function's error names the failure, its whole answer is the cause (developer guide, 'Lambda')", async () => {
  failing(1, 'Mine')
  const { facts } = await world.run({ T: call() })
  expect(facts).toMatchObject({ error: 'Mine', cause: '{"errorType":"Mine","errorMessage":"no","trace":[]}' })
})

test("Task: a refusal by the Lambda service is an error of its own name (developer guide, 'Lambda')", async () => {
  let left = 1
  world.work = () => {
    if (left-- > 0) throw refusal('Lambda.TooManyRequestsException', 'Rate exceeded')
    return 'done'
  }
  const retry = [{ ErrorEquals: ['Lambda.TooManyRequestsException'] }]
  expect((await world.run({ T: call({ Retry: retry }) })).facts.output).toBe('done')
})
