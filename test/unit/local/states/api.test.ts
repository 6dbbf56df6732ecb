import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  GetExecutionHistoryCommand,
  InvalidArn,
  InvalidExecutionInput,
  InvalidName,
  InvalidToken,
  ListExecutionsCommand,
  ListMapRunsCommand,
  ListStateMachineVersionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  ResourceNotFound,
  SFNClient,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { handleStatesRequest } from '../../../../local/states/api.ts'
import { MACHINE, ROLE, World, call, callback, idle, tokenOf } from './support.ts'

let world: World
let server: Server
let client: SFNClient

beforeEach(async () => {
  world = new World()
  server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const target = String(request.headers['x-amz-target'])
      const { status, body } = await handleStatesRequest(
        world.engine,
        target,
        Buffer.concat(chunks).toString(),
      )
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = new SFNClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    disableHostPrefix: true,
  })
})
afterEach(async () => {
  client.destroy()
  await new Promise((resolve) => server.close(resolve))
  expect(world.problems).toEqual([])
  await world.dispose()
})

const waiting = { W: { Type: 'Wait', Seconds: 1000, End: true } }

test('API: starts, describes, lists and tells the history of an execution (API reference)', async () => {
  const stateMachineArn = world.register({ T: call() })
  const started = await client.send(
    new StartExecutionCommand({ stateMachineArn, name: 'one', input: '{"a":1}' }),
  )
  expect(started.startDate).toEqual(new Date('2026-01-01T00:00:00Z'))
  const executionArn = started.executionArn ?? ''
  await world.engine.ended(executionArn)
  const described = await client.send(new DescribeExecutionCommand({ executionArn }))
  expect(described).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"a":1}',
    input: '{"a":1}',
    name: 'one',
    stateMachineArn,
  })
  expect(described).toMatchObject({
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
  })
  const listed = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }))
  expect(listed.executions).toMatchObject([{ executionArn, status: 'SUCCEEDED' }])
  const first = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 4 }))
  expect(first.events?.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
  ])
  expect(first.events?.[0]).toMatchObject({
    id: 1,
    timestamp: new Date('2026-01-01'),
    executionStartedEventDetails: { input: '{"a":1}', roleArn: ROLE },
  })
  const rest = await client.send(new GetExecutionHistoryCommand({ executionArn, nextToken: first.nextToken }))
  expect(rest.events?.map(({ id }) => id)).toEqual([5, 6, 7])
  expect(rest.nextToken).toBeUndefined()
  const last = await client.send(
    new GetExecutionHistoryCommand({
      executionArn,
      reverseOrder: true,
      maxResults: 1,
      includeExecutionData: false,
    }),
  )
  expect(last.events?.[0]?.type).toBe('ExecutionSucceeded')
  expect(last.events?.[0]?.executionSucceededEventDetails?.output).toBeUndefined()
})

test('API: StartExecution is idempotent by name and input while it runs (API reference, StartExecution)', async () => {
  world.clock.auto = false
  const stateMachineArn = world.register(waiting)
  const start = (input: string) =>
    client.send(new StartExecutionCommand({ stateMachineArn, name: 'one', input }))
  const first = await start('{"a":1}')
  expect((await start('{ "a": 1 }')).executionArn).toBe(first.executionArn)
  await expect(start('{"a":2}')).rejects.toBeInstanceOf(ExecutionAlreadyExists)
  world.engine.stopExecution(first.executionArn ?? '')
  await expect(start('{"a":1}')).rejects.toBeInstanceOf(ExecutionAlreadyExists)
})

test('API: stops and redrives (API reference)', async () => {
  world.clock.auto = false
  const stateMachineArn = world.register(waiting)
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }))
  await idle()
  const { stopDate } = await client.send(
    new StopExecutionCommand({ executionArn, error: 'Mine', cause: 'why' }),
  )
  expect(stopDate).toEqual(new Date('2026-01-01'))
  const described = await client.send(new DescribeExecutionCommand({ executionArn }))
  expect(described).toMatchObject({
    status: 'ABORTED',
    error: 'Mine',
    cause: 'why',
    redriveStatus: 'REDRIVABLE',
  })
  const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn }))
  expect(redriveDate).toEqual(new Date('2026-01-01'))
  await expect(client.send(new RedriveExecutionCommand({ executionArn }))).rejects.toBeInstanceOf(
    ExecutionNotRedrivable,
  )
  await world.clock.advance(1_000_000)
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    status: 'SUCCEEDED',
    redriveCount: 1,
  })
})

test('API: task tokens (API reference)', async () => {
  const stateMachineArn = world.register({ T: callback({ HeartbeatSeconds: 60 }) })
  world.clock.auto = false
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }))
  await idle()
  const taskToken = tokenOf(world)
  await client.send(new SendTaskHeartbeatCommand({ taskToken }))
  await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"ok":true}' }))
  await expect(client.send(new SendTaskFailureCommand({ taskToken, error: 'Late' }))).rejects.toBeInstanceOf(
    TaskTimedOut,
  )
  await idle()
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    output: '{"ok":true}',
  })
})

test('API: Map Runs (API reference)', async () => {
  const config = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }
  const processor = { ProcessorConfig: config, StartAt: 'T', States: { T: call() } }
  const execution = await world.run({
    M: { Type: 'Map', Items: [1, 2, 3], MaxConcurrency: 2, ItemProcessor: processor, End: true },
  })
  const { mapRuns } = await client.send(new ListMapRunsCommand({ executionArn: execution.facts.arn }))
  const mapRunArn = mapRuns?.[0]?.mapRunArn
  const run = await client.send(new DescribeMapRunCommand({ mapRunArn }))
  expect(run).toMatchObject({
    status: 'SUCCEEDED',
    maxConcurrency: 2,
    itemCounts: {
      pending: 0,
      running: 0,
      succeeded: 3,
      failed: 0,
      timedOut: 0,
      aborted: 0,
      total: 3,
      resultsWritten: 0,
    },
    executionCounts: { succeeded: 3, total: 3 },
  })
  const children = await client.send(new ListExecutionsCommand({ mapRunArn, maxResults: 2 }))
  expect(children.executions).toHaveLength(2)
  expect(children.executions?.[0]).toMatchObject({ mapRunArn, itemCount: 1, stateMachineArn: `${MACHINE}/M` })
  const more = await client.send(new ListExecutionsCommand({ mapRunArn, nextToken: children.nextToken }))
  expect(more.executions).toHaveLength(1)
})

test('API: state machines and versions (API reference)', async () => {
  const definition = JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'S',
    States: { S: { Type: 'Succeed' } },
  })
  const stateMachineVersionArn = `${MACHINE}:3`
  world.engine.registerStateMachine({
    name: 'demo',
    arn: MACHINE,
    versionArn: stateMachineVersionArn,
    definition,
    roleArn: ROLE,
  })
  const { stateMachines } = await client.send(new ListStateMachinesCommand({}))
  expect(stateMachines).toMatchObject([{ stateMachineArn: MACHINE, name: 'demo', type: 'STANDARD' }])
  const versions = await client.send(new ListStateMachineVersionsCommand({ stateMachineArn: MACHINE }))
  expect(versions.stateMachineVersions).toMatchObject([{ stateMachineVersionArn }])
  const described = await client.send(
    new DescribeStateMachineCommand({ stateMachineArn: stateMachineVersionArn }),
  )
  expect(described).toMatchObject({
    definition,
    roleArn: ROLE,
    status: 'ACTIVE',
    stateMachineArn: stateMachineVersionArn,
  })
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn: stateMachineVersionArn }),
  )
  expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    stateMachineArn: MACHINE,
    stateMachineVersionArn,
  })
  const of = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }))
  expect(of).toMatchObject({ definition, stateMachineArn: MACHINE })
})

test('API: errors have the types of the service (API reference)', async () => {
  const arn = world.register({ P: { Type: 'Pass', End: true } })
  const gone = `${MACHINE.replace(':stateMachine:', ':execution:')}:gone`
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }))
  const start = (more: { name?: string; input?: string; stateMachineArn?: string }) =>
    client.send(new StartExecutionCommand({ stateMachineArn: arn, ...more }))
  await expect(describe(gone)).rejects.toBeInstanceOf(ExecutionDoesNotExist)
  await expect(describe('nonsense')).rejects.toBeInstanceOf(InvalidArn)
  await expect(describe(arn)).rejects.toBeInstanceOf(InvalidArn)
  await expect(start({ stateMachineArn: `${MACHINE}x` })).rejects.toBeInstanceOf(StateMachineDoesNotExist)
  await expect(start({ name: 'a b' })).rejects.toBeInstanceOf(InvalidName)
  await expect(start({ input: '{' })).rejects.toBeInstanceOf(InvalidExecutionInput)
  await expect(
    client.send(new SendTaskSuccessCommand({ taskToken: 'x', output: '1' })),
  ).rejects.toBeInstanceOf(InvalidToken)
  const mapRunArn = 'arn:aws:states:eu-west-1:111122223333:mapRun:demo/load:1'
  await expect(client.send(new DescribeMapRunCommand({ mapRunArn }))).rejects.toBeInstanceOf(ResourceNotFound)
})

test('API: an unknown operation or parameter is refused by name', async () => {
  const ask = (target: string, body: object) =>
    handleStatesRequest(world.engine, target, JSON.stringify(body))
  expect(await ask('AWSStepFunctions.CreateActivity', {})).toMatchObject({
    status: 400,
    body: expect.stringContaining('UnknownOperationException') as string,
  })
  const answer = await ask('AWSStepFunctions.ListStateMachines', { colour: 'red' })
  expect(answer).toMatchObject({
    status: 400,
    body: expect.stringContaining("'colour' is not supported") as string,
  })
})
