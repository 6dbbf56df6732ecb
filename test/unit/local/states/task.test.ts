import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  FUNCTION,
  FunctionError,
  MACHINE,
  ROLE,
  World,
  call,
  callback,
  idle,
  refusal,
  tokenOf,
} from './support.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

const nested = (more = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::states:startExecution.sync:2',
  Arguments: { StateMachineArn: MACHINE.replace('demo', 'inner'), Input: { a: '{% $states.input.a %}' } },
  End: true,
  ...more,
})

test("lambda:invoke: the result is Payload, StatusCode and ExecutedVersion (developer guide, 'Lambda')", async () => {
  world.work = () => ({ ok: true })
  const { facts } = await world.run({ T: call({ Output: '{% $states.result %}' }) })
  expect(facts.output).toEqual({ Payload: { ok: true }, StatusCode: 200, ExecutedVersion: '7' })
  expect(world.invocations[0]?.functionArn).toBe(FUNCTION)
})

test("Callback: SendTaskSuccess brings the result (developer guide, 'Wait for a callback with the task token')", async () => {
  const arn = world.register({ T: callback() })
  const { facts } = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  world.engine.sendTaskSuccess(tokenOf(world), '{"a":1}')
  expect((await world.engine.ended(facts.arn)).facts.output).toEqual({ a: 1 })
  expect(world.types(facts.arn)).toContain('TaskSubmitted')
})

test("Callback: SendTaskFailure fails the task, which can be caught (developer guide, 'Wait for a callback')", async () => {
  const caught = { Type: 'Pass', End: true }
  const arn = world.register({
    T: callback({ Catch: [{ ErrorEquals: ['Rejected'], Next: 'C' }] }),
    C: caught,
  })
  const { facts } = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  world.engine.sendTaskFailure(tokenOf(world), 'Rejected', 'by a person')
  expect((await world.engine.ended(facts.arn)).facts.output).toEqual({
    Error: 'Rejected',
    Cause: 'by a person',
  })
})

test("Callback: a function that fails ends the task before any callback (developer guide, 'Wait for a callback')", async () => {
  world.work = () => {
    throw new FunctionError('Mine', 'no')
  }
  expect((await world.run({ T: callback() })).facts.error).toBe('Mine')
})

test('Callback: the answer may come while the function still runs', async () => {
  world.work = async (payload) => {
    world.engine.sendTaskSuccess((payload as { token: string }).token, '"early"')
    await idle()
    return null
  }
  expect((await world.run({ T: callback() })).facts.output).toBe('early')
})

test('Tokens: one of a task that is over is TaskTimedOut (API reference, SendTaskSuccess)', async () => {
  const arn = world.register({ T: callback({ Next: 'W' }), W: { Type: 'Wait', Seconds: 1, End: true } })
  const { facts } = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  const token = tokenOf(world)
  world.engine.sendTaskSuccess(token, '1')
  const again = () => world.engine.sendTaskSuccess(token, '2')
  expect(again).toThrow(expect.objectContaining({ type: 'TaskTimedOut' }))
  await world.engine.ended(facts.arn)
  expect(again).toThrow(expect.objectContaining({ type: 'TaskTimedOut' }))
})

test('Tokens: an earlier attempt of a retried task has a token of its own (API reference, SendTaskSuccess)', async () => {
  const arn = world.register({ T: callback({ Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 1 }] }) })
  const { facts } = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  const first = tokenOf(world)
  world.engine.sendTaskFailure(first, 'Again')
  await idle(100)
  expect(() => world.engine.sendTaskSuccess(first, '1')).toThrow(
    expect.objectContaining({ type: 'TaskTimedOut' }),
  )
  world.engine.sendTaskSuccess(tokenOf(world), '2')
  expect((await world.engine.ended(facts.arn)).facts.output).toBe(2)
})

test.each([
  ['InvalidToken', 'nonsense'],
  ['TaskDoesNotExist', Buffer.from(JSON.stringify([`${MACHINE}:x`, '', 'y'])).toString('base64url')],
])('Tokens: %s (API reference, SendTaskSuccess)', (type, token) => {
  expect(() => world.engine.sendTaskSuccess(token, '1')).toThrow(expect.objectContaining({ type }))
})

test('Tokens: an output that is no JSON is InvalidOutput (API reference, SendTaskSuccess)', async () => {
  world.engine.startExecution({ stateMachineArn: world.register({ T: callback() }) })
  await idle()
  expect(() => world.engine.sendTaskSuccess(tokenOf(world), '{')).toThrow(
    expect.objectContaining({ type: 'InvalidOutput' }),
  )
})

test("startExecution.sync:2: waits for the child, whose Output is JSON (developer guide, 'Step Functions')", async () => {
  world.register({ I: { Type: 'Pass', Output: { b: '{% $states.input.a + 1 %}' }, End: true } }, {}, 'inner')
  const { facts } = await world.run({ N: nested({ Output: '{% $states.result.Output.b %}' }) }, { a: 1 })
  expect(facts.output).toBe(2)
  expect(world.asked.map(({ roleArn, action }) => [roleArn, action])).toEqual([
    [ROLE, 'states:StartExecution'],
    [ROLE, 'states:DescribeExecution'],
  ])
})

test("startExecution.sync:2: a child that fails is States.TaskFailed (developer guide, 'Step Functions')", async () => {
  world.register({ I: { Type: 'Fail', Error: 'Inner', Cause: 'why' } }, {}, 'inner')
  const { facts } = await world.run({ N: nested() }, { a: 1 })
  expect(facts.error).toBe('States.TaskFailed')
  expect(JSON.parse(facts.cause ?? '')).toMatchObject({ Status: 'FAILED', Error: 'Inner', Cause: 'why' })
})

test("startExecution.sync:2: stopping the parent stops the child (developer guide, 'Run a job')", async () => {
  world.clock.auto = false
  const inner = world.register({ W: { Type: 'Wait', Seconds: 1000, End: true } }, {}, 'inner')
  const outer = world.register({ N: nested() })
  const { facts } = world.engine.startExecution({ stateMachineArn: outer, input: { a: 1 } })
  await idle()
  world.engine.stopExecution(facts.arn)
  await idle()
  expect(world.engine.executions({ stateMachineArn: inner }).map((one) => one.facts.status)).toEqual([
    'ABORTED',
  ])
})

test("startExecution.sync:2: a child that the role may not stop goes on (developer guide, 'Run a job')", async () => {
  world.clock.auto = false
  world.allow = (action) => action !== 'states:StopExecution'
  const inner = world.register({ W: { Type: 'Wait', Seconds: 1000, End: true } }, {}, 'inner')
  const { facts } = world.engine.startExecution({
    stateMachineArn: world.register({ N: nested() }),
    input: { a: 1 },
  })
  await idle()
  world.engine.stopExecution(facts.arn)
  await idle()
  expect(world.engine.execution(facts.arn).facts.status).toBe('ABORTED')
  const [child] = world.engine.executions({ stateMachineArn: inner })
  expect(child?.facts.status).toBe('RUNNING')
  expect(world.problems.splice(0).map(({ message }) => message)).toEqual([
    expect.stringContaining(`states:StopExecution on ${child?.facts.arn}`),
  ])
})

test('startExecution: a role that may not start it fails the task', async () => {
  world.register({ I: { Type: 'Pass', End: true } }, {}, 'inner')
  world.allow = (action) => action !== 'states:StartExecution'
  expect((await world.run({ N: nested() }, { a: 1 })).facts).toMatchObject({ error: 'AccessDeniedException' })
})

test("startExecution: does not wait (developer guide, 'Request response')", async () => {
  world.clock.auto = false
  world.register({ W: { Type: 'Wait', Seconds: 1000, End: true } }, {}, 'inner')
  const resource = 'arn:aws:states:::states:startExecution'
  const { facts } = await world.run({ N: nested({ Resource: resource }) }, { a: 1 })
  expect(facts.output).toMatchObject({ ExecutionArn: expect.stringContaining(':execution:inner:') as string })
})

test("startExecution: a Name that was used is StepFunctions.ExecutionAlreadyExistsException (developer guide, 'Step Functions')", async () => {
  const inner = world.register({ I: { Type: 'Pass', End: true } }, {}, 'inner')
  await world.engine.ended(world.engine.startExecution({ stateMachineArn: inner, name: 'one' }).facts.arn)
  const { facts } = await world.run({ N: nested({ Arguments: { StateMachineArn: inner, Name: 'one' } }) })
  expect(facts.error).toBe('StepFunctions.ExecutionAlreadyExistsException')
})

test.each([
  ['sns', 'publish', 'arn:aws:states:::sns:publish', 'optimized'],
  ['dynamodb', 'updateItem', 'arn:aws:states:::dynamodb:updateItem', 'optimized'],
  ['ssm', 'getCalendarState', 'arn:aws:states:::aws-sdk:ssm:getCalendarState', 'aws-sdk'],
])(
  'Services: %s:%s goes to the injected service with the role',
  async (service, action, resource, integration) => {
    world.service = () => ({ ok: 1 })
    const { facts } = await world.run({
      S: call({ Resource: resource, Arguments: { A: 1 }, Output: '{% $states.result %}' }),
    })
    expect(facts.output).toEqual({ ok: 1 })
    expect(world.calls).toEqual([{ integration, service, action, parameters: { A: 1 }, callerRoleArn: ROLE }])
  },
)

test('Services: a refusal is an error of its name, which can be caught', async () => {
  world.service = () => {
    throw refusal('DynamoDB.ConditionalCheckFailedException', 'The conditional request failed')
  }
  const resource = 'arn:aws:states:::dynamodb:putItem'
  const { facts } = await world.run({ S: call({ Resource: resource, Arguments: {} }) })
  expect(facts).toMatchObject({
    error: 'DynamoDB.ConditionalCheckFailedException',
    cause: 'The conditional request failed',
  })
})
