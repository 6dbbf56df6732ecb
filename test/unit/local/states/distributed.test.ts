import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeMapRun } from '../../../../local/states/api-shapes.ts'
import type { JsonObject } from '../../../../local/states/json.ts'
import type { MapRun } from '../../../../local/states/map-run.ts'
import { FunctionError, World, call, idle } from './support.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(async () => {
  expect(world.problems).toEqual([])
  await world.dispose()
})

function map(more: JsonObject = {}, type = 'STANDARD', states: JsonObject = { T: call() }): JsonObject {
  const config = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type } }
  const processor = { ...config, StartAt: Object.keys(states)[0] ?? '', States: states }
  return { M: { Type: 'Map', ItemProcessor: processor, Label: 'load', End: true, ...more } }
}

function reader(inputType: string, config: JsonObject = {}): JsonObject {
  return {
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      Arguments: { Bucket: 'b', Key: '{% $states.input.key %}' },
      ReaderConfig: { InputType: inputType, ...config },
    },
  }
}

function onlyRun(arn: string): MapRun {
  const [run] = world.engine.mapRuns(arn)
  if (run === undefined) throw new Error('no Map Run')
  return run
}

function failOn(...bad: number[]) {
  world.work = (payload) => {
    if (bad.includes((payload as { i: number }).i)) throw new FunctionError('Bad', 'no')
    return payload
  }
}

const five = { Items: '{% [1..5].{"i": $} %}' }

test("Reader: JSONL, one item a line, also without a last newline (developer guide, 'ItemReader')", async () => {
  world.objects.set('b/k', '{"i":"ä"}\n\n{"i":2}')
  const { facts } = await world.run(map(reader('JSONL')), { key: 'k' })
  expect(facts.output).toEqual([{ i: 'ä' }, { i: 2 }])
})

test("Reader: JSON, an array; MaxItems limits it (developer guide, 'ItemReader')", async () => {
  world.objects.set('b/k', '[{"i":1},{"i":2},{"i":3}]')
  const { facts } = await world.run(map(reader('JSON', { MaxItems: '{% 2 %}' })), { key: 'k' })
  expect(facts.output).toEqual([{ i: 1 }, { i: 2 }])
})

test.each([
  ['is not there', undefined],
  ['is not JSON', '{"i":'],
])(
  "Reader: a file that %s is States.ItemReaderFailed (States Language, 'Predefined Error Codes')",
  async (_, text) => {
    if (text !== undefined) world.objects.set('b/k', text)
    const { facts } = await world.run(map(reader('JSONL')), { key: 'k' })
    expect(facts).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' })
    expect(world.engine.mapRuns(facts.arn)).toEqual([])
  },
)

test("Selector: sees each item and the state's variables (developer guide, 'ItemSelector')", async () => {
  const selector = {
    v: '{% $states.context.Map.Item.Value.i * $n %}',
    at: '{% $states.context.Map.Item.Index %}',
  }
  const { facts } = await world.run({
    A: { Type: 'Pass', Assign: { n: 10 }, Next: 'M' },
    ...map({ Items: [{ i: 1 }, { i: 2 }], ItemSelector: selector }),
  })
  expect(facts.output).toEqual([
    { v: 10, at: 0 },
    { v: 20, at: 1 },
  ])
})

test("Batcher: batches by count, with BatchInput (developer guide, 'ItemBatcher')", async () => {
  const batcher = { MaxItemsPerBatch: 2, BatchInput: { run: '{% $states.context.Execution.Name %}' } }
  const { facts } = await world.run(map({ Items: [1, 2, 3], ItemBatcher: batcher }))
  const BatchInput = { run: facts.name }
  expect(facts.output).toEqual([
    { BatchInput, Items: [1, 2] },
    { BatchInput, Items: [3] },
  ])
  expect(describeMapRun(onlyRun(facts.arn))).toMatchObject({
    itemCounts: { total: 3, succeeded: 3 },
    executionCounts: { total: 2, succeeded: 2 },
  })
})

test("Batcher: MaxInputBytesPerBatch closes a batch that would grow larger (developer guide, 'ItemBatcher')", async () => {
  const limit = Buffer.byteLength(JSON.stringify({ Items: ['aaaa', 'bbbb'] }))
  const items = { Items: ['aaaa', 'bbbb', 'c'], ItemBatcher: { MaxInputBytesPerBatch: limit } }
  const { facts } = await world.run(map(items))
  expect(facts.output).toEqual([{ Items: ['aaaa', 'bbbb'] }, { Items: ['c'] }])
})

test("Children: see no variables from outside (developer guide, 'Workflow variables')", async () => {
  const inner = { P: { Type: 'Pass', Output: '{% $exists($n) %}', End: true } }
  const { facts } = await world.run({
    A: { Type: 'Pass', Assign: { n: 1 }, Next: 'M' },
    ...map({ Items: [1] }, 'STANDARD', inner),
  })
  expect(facts.output).toEqual([false])
})

test("Children: are executions of their own, with the item as input (developer guide, 'Distributed Map')", async () => {
  const { facts } = await world.run(map({ Items: [{ i: 1 }] }))
  const run = onlyRun(facts.arn)
  expect(run.facts.arn).toMatch(/^arn:aws:states:eu-west-1:111122223333:mapRun:demo\/load:/)
  const [child] = world.engine.executions({ mapRunArn: run.facts.arn })
  expect(child?.facts).toMatchObject({ input: { i: 1 }, status: 'SUCCEEDED', output: { i: 1 } })
  expect(child?.facts.arn).toMatch(/:execution:demo\/load:/)
  expect(world.types(child?.facts.arn ?? '')).toHaveLength(7)
  expect(world.engine.definitionOf(child?.facts.arn ?? '')).toBe(world.engine.definitionOf(facts.arn))
  expect(world.changes.filter(({ executionArn }) => executionArn === child?.facts.arn)).toHaveLength(2)
})

test("Children: Express ones run without events and history (developer guide, 'Distributed Map')", async () => {
  const { facts } = await world.run(map({ Items: [{ i: 1 }] }, 'EXPRESS'))
  const [child] = onlyRun(facts.arn).children
  expect(child?.facts.arn).toMatch(/:express:demo\/load:[^:]+:/)
  expect(() => world.engine.history(child?.facts.arn ?? '')).toThrow(/no history/)
  expect(world.changes).toHaveLength(2)
})

test("Children: Express ones end after five minutes (developer guide, 'Quotas')", async () => {
  const wait = { W: { Type: 'Wait', Seconds: 400, End: true } }
  const { facts } = await world.run(map({ Items: [1] }, 'EXPRESS', wait))
  expect(onlyRun(facts.arn).children[0]?.facts.status).toBe('TIMED_OUT')
  expect((facts.stopDate ?? 0) - facts.startDate).toBe(300_000)
})

test("MaxConcurrency: limits the children under way (developer guide, 'Distributed Map')", async () => {
  let [now, most] = [0, 0]
  world.work = async () => {
    most = Math.max(most, ++now)
    await idle(3)
    now -= 1
    return null
  }
  await world.run(map({ Items: '{% [1..9] %}', MaxConcurrency: 3 }))
  expect(most).toBe(3)
})

test("Tolerance: without it one failed child fails the Map Run (developer guide, 'ToleratedFailure')", async () => {
  failOn(2)
  const { facts } = await world.run(map({ ...five, MaxConcurrency: 1 }))
  expect(facts).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' })
  expect(describeMapRun(onlyRun(facts.arn))).toMatchObject({
    status: 'FAILED',
    executionCounts: { total: 5, succeeded: 1, failed: 1, aborted: 3, pending: 0 },
  })
  expect(world.types(facts.arn)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    'MapRunStarted',
    'MapRunFailed',
    'MapStateFailed',
    'ExecutionFailed',
  ])
})

test.each([
  ['ToleratedFailureCount', { ToleratedFailureCount: 2 }, 'SUCCEEDED'],
  ['ToleratedFailureCount', { ToleratedFailureCount: 1 }, 'FAILED'],
  ['ToleratedFailurePercentage', { ToleratedFailurePercentage: 40 }, 'SUCCEEDED'],
  ['ToleratedFailurePercentage', { ToleratedFailurePercentage: '{% 39.9 %}' }, 'FAILED'],
  ['the lower of both', { ToleratedFailurePercentage: 100, ToleratedFailureCount: 1 }, 'FAILED'],
])(
  "Tolerance: two of five, %s %j: %s (developer guide, 'ToleratedFailure')",
  async (_, tolerance, status) => {
    failOn(2, 4)
    const { facts } = await world.run(map({ ...five, ...tolerance }))
    expect(facts.status).toBe(status)
  },
)

test("Results: a tolerated failure shows as its description, in its place (developer guide, 'ResultWriter')", async () => {
  failOn(2)
  const { facts } = await world.run(map({ Items: [{ i: 1 }, { i: 2 }], ToleratedFailureCount: 1 }))
  expect(facts.output).toEqual([{ i: 1 }, expect.objectContaining({ Status: 'FAILED', Error: 'Bad' })])
})

test("Results: more than 256 KiB of them are States.DataLimitExceeded (developer guide, 'ResultWriter')", async () => {
  world.work = () => 'x'.repeat(100_000)
  const { facts } = await world.run(map({ Items: [1, 2, 3] }))
  expect(facts.error).toBe('States.DataLimitExceeded')
})

const writer = {
  ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'out', Prefix: 'p' } },
}

test("ResultWriter: writes a file for each outcome and a manifest, and returns where (developer guide, 'ResultWriter')", async () => {
  failOn(2)
  const { facts } = await world.run(map({ ...five, ...writer, ToleratedFailureCount: 1 }))
  const run = onlyRun(facts.arn)
  const folder = `p/${run.facts.arn.split(':').at(-1)}`
  expect(facts.output).toEqual({
    MapRunArn: run.facts.arn,
    ResultWriterDetails: { Bucket: 'out', Key: `${folder}/manifest.json` },
  })
  const read = (name: string) => JSON.parse(world.written.get(`out/${folder}/${name}`) ?? 'null') as unknown
  expect(read('manifest.json')).toMatchObject({
    DestinationBucket: 'out',
    MapRunArn: run.facts.arn,
    ResultFiles: {
      FAILED: [{ Key: `${folder}/FAILED_0.json` }],
      PENDING: [],
      SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json` }],
    },
  })
  expect(read('SUCCEEDED_0.json')).toHaveLength(4)
  expect(read('FAILED_0.json')).toEqual([
    expect.objectContaining({ Input: '{"i":2}', Error: 'Bad', Status: 'FAILED' }),
  ])
})

test("ResultWriter: writes also when the run fails (developer guide, 'ResultWriter')", async () => {
  failOn(2)
  const { facts } = await world.run(map({ ...five, ...writer, MaxConcurrency: 1 }))
  expect(facts.error).toBe('States.ExceedToleratedFailureThreshold')
  expect([...world.written.keys()].map((key) => key.split('/').at(-1))).toEqual([
    'FAILED_0.json',
    'PENDING_0.json',
    'SUCCEEDED_0.json',
    'manifest.json',
  ])
})

test('Permissions: a role that may not start children fails with States.Permissions', async () => {
  world.allow = (action) => action !== 'states:StartExecution'
  expect((await world.run(map({ Items: [1] }))).facts.error).toBe('States.Permissions')
})

test('Stop: stopping the execution stops its children and its Map Run (API reference, StopExecution)', async () => {
  world.clock.auto = false
  const wait = { W: { Type: 'Wait', Seconds: 400, End: true } }
  const arn = world.register(map({ Items: [1, 2] }, 'STANDARD', wait))
  const { facts } = world.engine.startExecution({ stateMachineArn: arn })
  await idle()
  world.engine.stopExecution(facts.arn, 'Mine', 'why')
  await idle()
  const run = onlyRun(facts.arn)
  expect(run.children.map((child) => child?.facts.status)).toEqual(['ABORTED', 'ABORTED'])
  expect(run.facts.status).toBe('ABORTED')
})
