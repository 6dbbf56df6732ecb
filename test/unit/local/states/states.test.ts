import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../../../local/states/json.ts'
import { FUNCTION, MACHINE, ROLE, World, call, idle } from './support.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

const end = { Type: 'Pass', End: true }

test("Pass: without Output the input is the output (States Language, 'Pass State')", async () => {
  const { facts } = await world.run({ P: end }, { a: 1 })
  expect(facts.output).toEqual({ a: 1 })
})

test("Succeed: Output makes the output (States Language, 'Succeed State')", async () => {
  const { facts } = await world.run(
    { S: { Type: 'Succeed', Output: { b: '{% $states.input.a %}' } } },
    { a: 1 },
  )
  expect(facts.output).toEqual({ b: 1 })
})

test("Fail: Error and Cause may be expressions (States Language, 'Fail State')", async () => {
  const { facts } = await world.run(
    { F: { Type: 'Fail', Error: '{% $states.input.e %}', Cause: 'why' } },
    { e: 'Mine' },
  )
  expect(facts).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'why' })
})

test("Choice: the first rule that is true is taken, with its own Assign and Output (States Language, 'Choice State')", async () => {
  const { facts } = await world.run({
    C: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% false %}', Next: 'No' },
        { Condition: '{% true %}', Assign: { way: 'rule' }, Output: 'chosen', Next: 'Yes' },
        { Condition: '{% true %}', Next: 'No' },
      ],
      Assign: { way: 'state' },
      Default: 'No',
    },
    Yes: { Type: 'Pass', Output: ['{% $way %}', '{% $states.input %}'], End: true },
    No: { Type: 'Fail' },
  })
  expect(facts.output).toEqual(['rule', 'chosen'])
})

test("Choice: Default goes with the state's own Assign (States Language, 'Choice State')", async () => {
  const { facts } = await world.run({
    C: {
      Type: 'Choice',
      Choices: [{ Condition: '{% false %}', Next: 'D' }],
      Assign: { way: 'state' },
      Default: 'D',
    },
    D: { Type: 'Pass', Output: '{% $way %}', End: true },
  })
  expect(facts.output).toBe('state')
})

test("Choice: no match and no Default is States.NoChoiceMatched (States Language, 'Choice State')", async () => {
  const { facts } = await world.run({
    C: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'E' }] },
    E: end,
  })
  expect(facts).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' })
})

test("Choice: a Condition that is no boolean is States.QueryEvaluationError (States Language, 'Choice State')", async () => {
  const { facts } = await world.run({
    C: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'E' }] },
    E: end,
  })
  expect(facts.error).toBe('States.QueryEvaluationError')
})

test.each([
  ['Seconds', { Seconds: 90 }],
  ['Seconds by JSONata', { Seconds: '{% 45 * 2 %}' }],
  ['Timestamp', { Timestamp: '2026-01-01T00:01:30Z' }],
  ['Timestamp by JSONata', { Timestamp: '{% $states.input.at %}' }],
])("Wait: %s (States Language, 'Wait State')", async (_, until) => {
  const states: JsonObject = { W: { Type: 'Wait', ...until, End: true } }
  const { facts } = await world.run(states, { at: '2026-01-01T01:01:30+01:00' })
  expect((facts.stopDate ?? 0) - facts.startDate).toBe(90_000)
})

test("Wait: a Timestamp by JSONata that is no timestamp fails (States Language, 'Wait State')", async () => {
  const { facts } = await world.run({ W: { Type: 'Wait', Timestamp: "{% 'soon' %}", End: true } })
  expect(facts.error).toBe('States.QueryEvaluationError')
})

test("Assign: expressions see the variables as they were on entry (States Language, 'Workflow Variables')", async () => {
  const { facts } = await world.run({
    A: { Type: 'Pass', Assign: { x: 1, y: 2 }, Next: 'B' },
    B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: '{% $x %}', Next: 'C' },
    C: { Type: 'Pass', Output: ['{% $states.input %}', '{% $x %}', '{% $y %}'], End: true },
  })
  expect(facts.output).toEqual([1, 2, 1])
})

test("Parallel: the result has the branches' outputs in order; Arguments is their input (States Language, 'Parallel State')", async () => {
  const branch = (name: string, ms: number) => ({
    StartAt: `W${name}`,
    States: {
      [`W${name}`]: { Type: 'Wait', Seconds: ms, Next: name },
      [name]: { ...end, Output: `{% $states.input & '${name}' %}` },
    },
  })
  const { facts } = await world.run({
    P: { Type: 'Parallel', Arguments: 'in', Branches: [branch('slow', 9), branch('fast', 1)], End: true },
  })
  expect(facts.output).toEqual(['inslow', 'infast'])
})

test("Parallel: a branch that fails ends the others, and its error is the state's (States Language, 'Parallel State')", async () => {
  const { facts } = await world.run({
    P: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Mine' } } },
        { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1000, End: true } } },
      ],
      Catch: [{ ErrorEquals: ['Mine'], Next: 'Caught' }],
      End: true,
    },
    Caught: end,
  })
  expect(facts.output).toEqual({ Error: 'Mine' })
  expect((facts.stopDate ?? 0) - facts.startDate).toBe(0)
})

test("Scope: inner states read outer variables, and their own end with them (States Language, 'Workflow Variables')", async () => {
  const inner = {
    StartAt: 'I',
    States: { I: { ...end, Assign: { inner: 5 }, Output: '{% $outer + $states.input %}' } },
  }
  const { facts } = await world.run({
    A: { Type: 'Pass', Assign: { outer: 10 }, Next: 'M' },
    M: { Type: 'Map', Items: [1, 2], ItemProcessor: inner, Next: 'Z' },
    Z: { Type: 'Pass', Output: ['{% $states.input %}', '{% $exists($inner) %}'], End: true },
  })
  expect(facts.output).toEqual([[11, 12], false])
})

test("Map: ItemSelector has the item in the context, the iterations too (States Language, 'Map State')", async () => {
  const { facts } = await world.run({
    M: {
      Type: 'Map',
      Items: ['a', 'b'],
      ItemSelector: { i: '{% $states.context.Map.Item.Index %}', v: '{% $states.context.Map.Item.Value %}' },
      ItemProcessor: {
        StartAt: 'I',
        States: { I: { ...end, Output: ['{% $states.input %}', '{% $states.context.Map.Item.Value %}'] } },
      },
      End: true,
    },
  })
  expect(facts.output).toEqual([
    [{ i: 0, v: 'a' }, 'a'],
    [{ i: 1, v: 'b' }, 'b'],
  ])
})

test("Map: without Items the input is iterated; it must be an array (States Language, 'Map State')", async () => {
  const states = { M: { Type: 'Map', ItemProcessor: { StartAt: 'I', States: { I: end } }, End: true } }
  expect((await world.run(states, [1, 2])).facts.output).toEqual([1, 2])
  expect((await world.run(states, { a: 1 })).facts.error).toBe('States.QueryEvaluationError')
})

test("Map: MaxConcurrency limits the iterations under way (States Language, 'Map State')", async () => {
  let [now, most] = [0, 0]
  world.work = async () => {
    most = Math.max(most, ++now)
    await idle(3)
    now -= 1
    return null
  }
  const processor = { StartAt: 'T', States: { T: call() } }
  await world.run({
    M: {
      Type: 'Map',
      Items: '{% [1..9] %}',
      MaxConcurrency: '{% 1 + 1 %}',
      ItemProcessor: processor,
      End: true,
    },
  })
  expect(most).toBe(2)
})

test("Map: one failed iteration fails the inline Map with its error (States Language, 'Map State')", async () => {
  const processor = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Mine', Cause: 'why' } } }
  const { facts } = await world.run({ M: { Type: 'Map', Items: [1], ItemProcessor: processor, End: true } })
  expect(facts).toMatchObject({ error: 'Mine', cause: 'why' })
  expect(world.types(facts.arn)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    'MapIterationStarted',
    'FailStateEntered',
    'MapIterationFailed',
    'MapStateFailed',
    'ExecutionFailed',
  ])
})

test("Context: execution, state and machine are told (developer guide, 'Context object')", async () => {
  const { facts } = await world.run({ P: { ...end, Output: '{% $states.context %}' } }, { a: 1 })
  expect(facts.output).toEqual({
    Execution: {
      Id: facts.arn,
      Name: facts.name,
      Input: { a: 1 },
      StartTime: '2026-01-01T00:00:00.000Z',
      RoleArn: ROLE,
      RedriveCount: 0,
    },
    State: { Name: 'P', EnteredTime: '2026-01-01T00:00:00.000Z', RetryCount: 0 },
    StateMachine: { Id: MACHINE, Name: 'demo' },
  })
})

test('History: a task has the events that AWS writes (API reference, GetExecutionHistory)', async () => {
  world.work = () => ({ done: true })
  const { facts } = await world.run({ T: call({ Assign: { n: 1 }, TimeoutSeconds: 60 }) }, { a: 1 })
  const events = world.engine.history(facts.arn)
  expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 1, 'TaskStateEntered'],
    [3, 2, 'TaskScheduled'],
    [4, 3, 'TaskStarted'],
    [5, 4, 'TaskSucceeded'],
    [6, 5, 'TaskStateExited'],
    [7, 6, 'ExecutionSucceeded'],
  ])
  expect(events[2]?.details).toEqual({
    taskScheduledEventDetails: {
      resourceType: 'lambda',
      resource: 'invoke',
      region: 'eu-west-1',
      parameters: JSON.stringify({ FunctionName: FUNCTION, Payload: { a: 1 } }),
      timeoutInSeconds: 60,
    },
  })
  expect(events[5]?.details?.['stateExitedEventDetails']).toMatchObject({ assignedVariables: { n: '1' } })
})
