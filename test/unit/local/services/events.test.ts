import { describe, expect, it } from 'vitest'
import type { RuleModel } from '../../../../local/assembly/model.ts'
import { EventBus, type BusPorts } from '../../../../local/services/events/bus.ts'
import { inputOf } from '../../../../local/services/events/input.ts'
import { checkPattern, matchesPattern } from '../../../../local/services/events/pattern.ts'
import { account, closedGuard, openGuard, region } from './fixtures.ts'

const event = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { status: 'FAILED', n: 3, tags: ['a', 'b'], gone: null },
}

describe('a pattern', () => {
  it.each<[object, boolean]>([
    [{ source: ['aws.states'] }, true],
    [{ source: ['aws.s3', 'aws.states'], detail: { status: ['FAILED', 'TIMED_OUT'] } }, true],
    [{ detail: { status: ['SUCCEEDED'] } }, false],
    [{ detail: { n: [3] } }, true],
    [{ detail: { n: ['3'] } }, false],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { gone: [null] } }, true],
    [{ detail: { absent: [null] } }, false],
    [{ detail: { status: [{ prefix: 'FAI' }] } }, true],
    [{ detail: { status: [{ 'anything-but': 'FAILED' }] } }, false],
    [{ detail: { status: [{ 'anything-but': ['SUCCEEDED', 'RUNNING'] }] } }, true],
    [{ detail: { status: [{ 'anything-but': { prefix: 'FA' } }] } }, false],
    [{ detail: { status: [{ exists: true }], absent: [{ exists: false }] } }, true],
    [{ detail: { absent: [{ 'anything-but': 'x' }] } }, false],
  ])('%j', (pattern, expected) => {
    checkPattern(pattern as Record<string, unknown>)
    expect(matchesPattern(pattern as Record<string, unknown>, event)).toBe(expected)
  })

  it.each([
    { detail: { n: [{ numeric: ['>', 1] }] } },
    { $or: [{ source: ['a'] }] },
    { source: 'aws.states' },
    { source: [{ suffix: 'x' }] },
  ])('refuses %j by name', (pattern) => expect(() => checkPattern(pattern)).toThrow(/numeric|\$or|source/))
})

const rule: RuleModel = {
  name: 'run-failed',
  arn: `arn:aws:events:${region}:${account}:rule/run-failed`,
  pattern: { detail: { status: ['FAILED'] } },
  targets: [{ arn: 'arn:aws:lambda:x:1:function:notify' }, { arn: 'arn:aws:sns:x:1:gates', input: 'failed' }],
}

it.each<[object, unknown]>([
  [{ inputPath: '$.detail.status' }, 'FAILED'],
  [
    {
      inputTransformer: {
        paths: { s: '$.detail.status' },
        template: '"Run is <s> by <aws.events.rule-name>"',
      },
    },
    'Run is FAILED by run-failed',
  ],
  [
    {
      inputTransformer: {
        paths: { n: '$.detail.n', t: '$.detail.tags' },
        template: '{"n": <n>, "t": <t>, "x": "<n>!"}',
      },
    },
    { n: 3, t: ['a', 'b'], x: '3!' },
  ],
])('the input of a target by %j', (more, expected) => {
  expect(inputOf(rule, { arn: 'arn', ...more }, event)).toEqual(expected)
})

describe('the bus', () => {
  const busOf = (ports: Partial<BusPorts>, rules = [rule]) => {
    const sent: unknown[] = []
    const bus = new EventBus(rules, {
      region,
      account,
      guard: openGuard,
      retriesOf: () => 1,
      invoke: async ({ functionArn, payload }) => ({ payload: sent.push([functionArn, payload]) }),
      publish: async (topicArn, message) => void sent.push([topicArn, message]),
      ...ports,
    })
    return { bus, sent }
  }

  it('gives a matching event to all targets, and another to none', async () => {
    const { bus, sent } = busOf({})
    await bus.emit({ ...event, detail: { status: 'SUCCEEDED' } })
    expect(sent).toEqual([])
    await bus.emit(event)
    expect(sent).toMatchObject([
      [rule.targets[0]?.arn, { ...event, region, account, version: '0' }],
      [rule.targets[1]?.arn, '"failed"'],
    ])
  })

  it('tries again, and tells when it was in vain', async () => {
    let calls = 0
    const failing = busOf({
      invoke: async () => ({
        payload: ++calls,
        ...(calls < 2 ? { functionError: 'Unhandled' as const } : {}),
      }),
    })
    await failing.bus.emit(event)
    expect(calls).toBe(2)
    const broken = busOf({ retriesOf: () => 0, publish: () => Promise.reject(new Error('no topic')) })
    await expect(broken.bus.emit(event)).rejects.toMatchObject({ errors: [{ message: 'no topic' }] })
  })

  it('asks for permission as EventBridge', async () => {
    await expect(busOf({ guard: closedGuard }).bus.emit(event)).rejects.toMatchObject({
      errors: [{ message: 'events.amazonaws.com may not' }, { message: 'events.amazonaws.com may not' }],
    })
  })

  it('refuses a target that it does not know, when it is made', () => {
    expect(() => busOf({}, [{ ...rule, targets: [{ arn: 'arn:aws:sqs:x:1:queue' }] }])).toThrow('arn:aws:sqs')
  })
})
