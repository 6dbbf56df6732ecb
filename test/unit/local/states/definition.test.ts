import { expect, test } from 'vitest'
import { loadDefinition } from '../../../../local/states/load-definition.ts'
import type { JsonObject } from '../../../../local/states/json.ts'
import { call, callback, machine } from './support.ts'

const pass = { Type: 'Pass', End: true }

function map(more: JsonObject = {}, processor: JsonObject = {}): JsonObject {
  const list = { StartAt: 'T', States: { T: pass }, ...processor }
  return { Type: 'Map', ItemProcessor: list, End: true, ...more }
}

const distributed = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } }
const reader = { Resource: 'arn:aws:states:::s3:getObject', Arguments: { Bucket: 'b', Key: 'k' } }
const writer = { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b' } }

const unsupported: [string, JsonObject, string, JsonObject?][] = [
  ['a field nobody knows', { F: { ...pass, Colour: 'red' } }, 'States.F.Colour'],
  ['a field at the top', { F: pass }, 'Processor', { Processor: 1 }],
  ['JSONPath as the language', { F: pass }, 'QueryLanguage', { QueryLanguage: 'JSONPath' }],
  ['JSONPath in a state', { F: { ...pass, QueryLanguage: 'JSONPath' } }, 'States.F.QueryLanguage'],
  ['a field of JSONPath', { F: { ...pass, ResultPath: '$.a' } }, 'States.F.ResultPath'],
  ['a state type', { F: { Type: 'Magic', End: true } }, 'States.F.Type'],
  ['a resource', { F: call({ Resource: 'arn:aws:states:::sqs:sendMessage' }) }, 'States.F.Resource'],
  [
    'a function as resource',
    { F: call({ Resource: 'arn:aws:lambda:eu-west-1:1:function:f' }) },
    'States.F.Resource',
  ],
  [
    'a pattern of a resource',
    { F: call({ Resource: 'arn:aws:states:::states:startExecution.sync' }) },
    'States.F.Resource',
  ],
  [
    'an argument',
    { F: call({ Arguments: { FunctionName: 'f', ClientContext: 'x' } }) },
    'States.F.Arguments.ClientContext',
  ],
  ['credentials', { F: call({ Credentials: { RoleArn: 'r' } }) }, 'States.F.Credentials'],
  ['a heartbeat without token', { F: call({ HeartbeatSeconds: 5 }) }, 'States.F.HeartbeatSeconds'],
  [
    'a field of a Retrier',
    { F: call({ Retry: [{ ErrorEquals: ['A'], Budget: 1 }] }) },
    'States.F.Retry[0].Budget',
  ],
  [
    'an error name',
    { F: call({ Retry: [{ ErrorEquals: ['States.BranchFailed'] }] }) },
    'States.F.Retry[0].ErrorEquals',
  ],
  [
    'a jitter',
    { F: call({ Retry: [{ ErrorEquals: ['A'], JitterStrategy: 'HALF' }] }) },
    'States.F.Retry[0].JitterStrategy',
  ],
  ['$eval', { F: { ...pass, Output: { a: "{% $eval('1') %}" } } }, 'States.F.Output.a'],
  [
    'the operator ?? of JSONata 2.1',
    { F: { ...pass, Output: '{% $states.input.a ?? 1 %}' } },
    'States.F.Output',
  ],
  [
    'the operator ?: of JSONata 2.1',
    { F: { ...pass, Output: '{% $states.input.a ?: 1 %}' } },
    'States.F.Output',
  ],
  ['a reader on an inline Map', { F: map({ ItemReader: reader }) }, 'States.F.ItemReader'],
  ['tolerance on an inline Map', { F: map({ ToleratedFailureCount: 1 }) }, 'States.F.ToleratedFailureCount'],
  [
    'a state within a Map',
    { F: map({}, { States: { T: { ...pass, X: 1 } } }) },
    'States.F.ItemProcessor.States.T.X',
  ],
  [
    'an input type',
    { F: map({ ItemReader: { ...reader, ReaderConfig: { InputType: 'CSV' } } }, distributed) },
    'States.F.ItemReader.ReaderConfig.InputType',
  ],
  [
    'an items pointer',
    {
      F: map(
        { ItemReader: { ...reader, ReaderConfig: { InputType: 'JSON', ItemsPointer: '/a' } } },
        distributed,
      ),
    },
    'States.F.ItemReader.ReaderConfig.ItemsPointer',
  ],
  [
    'a reader resource',
    { F: map({ ItemReader: { ...reader, Resource: 'arn:aws:states:::s3:listObjectsV2' } }, distributed) },
    'States.F.ItemReader.Resource',
  ],
  [
    'a writer configuration',
    { F: map({ ResultWriter: { ...writer, WriterConfig: { OutputType: 'JSONL' } } }, distributed) },
    'States.F.ResultWriter.WriterConfig',
  ],
]

test.each(unsupported)('Refusal: %s is unsupported by name (design, 12)', (_, states, path, more) => {
  const load = () => loadDefinition(machine(states, more ?? {}))
  expect(load).toThrow(expect.objectContaining({ name: 'UnsupportedFeature', path }))
})

test("Refusal: without QueryLanguage the language is JSONPath, which is unsupported (States Language, 'Query Languages')", () => {
  const text = JSON.stringify({ StartAt: 'F', States: { F: pass } })
  expect(() => loadDefinition(text)).toThrow(
    expect.objectContaining({ name: 'UnsupportedFeature', path: 'QueryLanguage' }),
  )
})

const invalid: [string, JsonObject, string][] = [
  ["a Next that is no state ('Transitions')", { F: { Type: 'Pass', Next: 'G' } }, 'States.F'],
  ["neither Next nor End ('Transitions')", { F: { Type: 'Pass' } }, 'States.F'],
  ["both Next and End ('Transitions')", { F: { ...pass, Next: 'F' } }, 'States.F'],
  [
    "States.ALL beside another name ('Retrying after error')",
    { F: call({ Retry: [{ ErrorEquals: ['A', 'States.ALL'] }] }) },
    'States.F.Retry[0].ErrorEquals',
  ],
  [
    "States.ALL before another Retrier ('Retrying after error')",
    { F: call({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] }) },
    'States.F.Retry[0]',
  ],
  [
    "States.ALL before another Catcher ('Fallback states')",
    {
      F: call({
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'F' },
          { ErrorEquals: ['A'], Next: 'F' },
        ],
      }),
    },
    'States.F.Catch[0]',
  ],
  [
    "a BackoffRate below 1 ('Retrying after error')",
    { F: call({ Retry: [{ ErrorEquals: ['A'], BackoffRate: 0.5 }] }) },
    'States.F.Retry[0].BackoffRate',
  ],
  [
    "a MaxDelaySeconds not above IntervalSeconds ('Retrying after error')",
    { F: call({ Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 5, MaxDelaySeconds: 5 }] }) },
    'States.F.Retry[0].MaxDelaySeconds',
  ],
  [
    "a heartbeat not below the timeout ('Task State')",
    { F: callback({ TimeoutSeconds: 5, HeartbeatSeconds: 5 }) },
    'States.F.HeartbeatSeconds',
  ],
  [
    "a Wait with two ends ('Wait State')",
    { F: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } },
    'States.F',
  ],
  [
    "a Wait timestamp without zone ('Timestamps')",
    { F: { Type: 'Wait', Timestamp: '2026-01-01T00:00:00', End: true } },
    'States.F.Timestamp',
  ],
  [
    "a Condition that is no expression ('Choice State')",
    { F: { Type: 'Choice', Choices: [{ Condition: 'true', Next: 'F' }] } },
    'States.F.Choices[0].Condition',
  ],
  [
    "an expression that is only opened ('JSONata Concepts')",
    { F: { ...pass, Output: '{% 1' } },
    'States.F.Output',
  ],
  [
    "an expression that does not parse ('JSONata Concepts')",
    { F: { ...pass, Output: '{% 1 + %}' } },
    'States.F.Output',
  ],
  [
    "assigning states ('Reserved states variable')",
    { F: { ...pass, Assign: { states: 1 } } },
    'States.F.Assign.states',
  ],
  [
    "assigning an outer variable within a Map ('Workflow Variables', scope)",
    { F: map({ Assign: { n: 1 } }, { States: { T: { ...pass, Assign: { n: 2 } } } }) },
    'States.F.ItemProcessor.States.T.Assign.n',
  ],
  [
    "Items beside ItemReader ('Map State')",
    { F: map({ Items: [], ItemReader: { ...reader, ReaderConfig: { InputType: 'JSON' } } }, distributed) },
    'States.F',
  ],
  [
    "a callback in an Express child (developer guide, 'Workflow type')",
    {
      F: map(
        {},
        { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }, States: { T: callback() } },
      ),
    },
    'States.F.ItemProcessor.States.T.Resource',
  ],
]

test.each(invalid)('Refusal: %s', (_, states, path) => {
  expect(() => loadDefinition(machine(states))).toThrow(
    expect.objectContaining({ name: 'InvalidDefinition', path }),
  )
})

test("Scope: a distributed Map may assign a name that an outer state assigns (developer guide, 'Workflow variables')", () => {
  const states = {
    F: map({ Assign: { n: 1 } }, { ...distributed, States: { T: { ...pass, Assign: { n: 2 } } } }),
  }
  expect(loadDefinition(machine(states)).states.size).toBe(1)
})

test('Load: all supported fields of a distributed Map are taken (States Language, Map State)', () => {
  const states = {
    F: map(
      {
        Comment: 'c',
        ItemReader: { ...reader, ReaderConfig: { InputType: 'JSON', MaxItems: '{% 5 %}' } },
        ItemSelector: { v: '{% $states.context.Map.Item.Value %}' },
        ItemBatcher: { MaxItemsPerBatch: 10, MaxInputBytesPerBatch: 1000, BatchInput: { a: 1 } },
        ResultWriter: { ...writer, Arguments: { Bucket: 'b', Prefix: '{% $states.input.p %}' } },
        MaxConcurrency: '{% $states.input.n %}',
        ToleratedFailureCount: 3,
        ToleratedFailurePercentage: 2.5,
        Label: 'load',
      },
      distributed,
    ),
  }
  const loaded = loadDefinition(machine(states, { Version: '1.0', Comment: 'all', TimeoutSeconds: 60 }))
  expect(loaded.states.get('F')).toMatchObject({ distributed: { label: 'load', executionType: 'STANDARD' } })
})
