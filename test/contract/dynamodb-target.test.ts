import {
  CreateTableCommand,
  PutItemCommand,
  waitUntilTableExists,
  type BatchGetItemCommandInput,
  type ScalarAttributeType,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toItem } from '../../lambdas/shared/adapters/dynamodb-target/attribute-values.ts'
import { dynamoDbTarget } from '../../lambdas/shared/adapters/dynamodb-target/target.ts'
import { encodeFields } from '../../lambdas/shared/domain/canonical.ts'
import { maxAttributes } from '../../lambdas/shared/domain/mapping/dynamodb-limits.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { itemKey as key, itemSegment as segment } from '../support/item-segment.ts'

let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

describe('DynamoDB alone', () => {
  const check = async (types: readonly [string, ScalarAttributeType][]) => {
    const TableName = `table-${types.map(([name, type]) => name + type).join('-')}`
    await server.client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: types.map(([AttributeName, AttributeType]) => ({
          AttributeName,
          AttributeType,
        })),
        KeySchema: types.map(([AttributeName], i) => ({
          AttributeName,
          KeyType: i === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    )
    return dynamoDbTarget({
      client: server.client,
      table: TableName,
      segment,
      clock: new FakeClock(),
    }).check()
  }

  test('a table with the key of the definition passes', () =>
    check([
      ['pk', 'S'],
      ['sk', 'S'],
    ]))

  test.each<[string, [string, ScalarAttributeType][]]>([
    [
      'another name',
      [
        ['id', 'S'],
        ['sk', 'S'],
      ],
    ],
    [
      'another type',
      [
        ['pk', 'S'],
        ['sk', 'N'],
      ],
    ],
    ['no sort key', [['pk', 'S']]],
    [
      'another order',
      [
        ['sk', 'S'],
        ['pk', 'S'],
      ],
    ],
  ])('a table whose key has %s is refused', async (_, types) => {
    await expect(check(types)).rejects.toMatchObject({ name: 'TargetMissing' })
  })

  test('a record that a secondary index cannot take is refused by name, in the words of DynamoDB', async () => {
    const { client } = server
    const TableName = 'table-indexed'
    const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const })
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk', 'note'].map(attribute),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-note',
            KeySchema: [{ AttributeName: 'note', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    )
    await waitUntilTableExists({ client, minDelay: 0.01, maxDelay: 0.1, maxWaitTime: 20 }, { TableName })
    const target = dynamoDbTarget({ client, table: TableName, segment, clock: new FakeClock() })
    const create = (note?: null | string) =>
      target.write([
        { key: key(1), expected: undefined, after: { ...key(1), ...(note !== undefined && { note }) } },
      ])
    await expect(create(null)).rejects.toMatchObject({
      name: 'UnknownTargetError',
      message: expect.stringMatching(/secondary index \(.*Index Key note .*IndexName: by-note\)/) as string,
    })
    expect(await create()).toEqual(['written'])
    const update = target.write([{ key: key(1), expected: key(1), after: { ...key(1), note: null } }])
    await expect(update).rejects.toMatchObject({ name: 'UnknownTargetError' })
  })

  test('sets of others and of ours are compared as sets', async () => {
    const { client } = server
    const table = await server.table()
    const target = dynamoDbTarget({ client, table, segment, clock: new FakeClock() })
    const Item = { ...toItem(key(1)), size: { NS: ['3', '1'] }, note: { SS: ['b', 'a'] } }
    await client.send(new PutItemCommand({ TableName: table, Item }))
    const [expected] = await target.read([key(1)])
    expect(encodeFields(expected ?? {})).toContain('"note":["s","\\"a\\"","\\"b\\""]')
    expect(await target.write([{ key: key(1), expected, after: { ...key(1), size: 1 } }])).toEqual([
      'written',
    ])
  })

  test.each([
    [maxAttributes, true],
    [maxAttributes + 1, false],
  ])('a read that names %i attributes has an expression that DynamoDB takes: %s', async (count, fits) => {
    const { client } = server
    const table = await server.table()
    const names = Array.from({ length: count - 2 }, (_, i) => `field${i}`)
    const map = { pk: 'pk', sk: 'sk', ...Object.fromEntries(names.map((name) => [name, name])) }
    let expression = ''
    client.middlewareStack.add(
      (next) => (request) => {
        const { RequestItems } = request.input as BatchGetItemCommandInput
        expression = RequestItems?.[table]?.ProjectionExpression ?? ''
        return next(request)
      },
      { step: 'initialize', name: 'seen' },
    )
    const wide = dynamoDbTarget({ client, table, segment: { ...segment, map }, clock: new FakeClock() })
    await wide.read([key(1)]).catch(() => undefined)
    client.middlewareStack.remove('seen')
    expect(expression.split(',')).toHaveLength(count)
    expect(expression.length <= 4_096).toBe(fits)
  })

  test('an update with too large a condition is refused by name, and a create is not', async () => {
    const { client } = server
    const table = await server.table()
    const names = Array.from({ length: 160 }, (_, i) => `field${i}`)
    const wide = {
      ...segment,
      map: { pk: 'pk', sk: 'sk', ...Object.fromEntries(names.map((name) => [name, name])) },
    }
    const wideTarget = dynamoDbTarget({ client, table, segment: wide, clock: new FakeClock() })
    const after = { ...key(2), field0: 1 }
    await expect(wideTarget.write([{ key: key(2), expected: key(2), after }])).rejects.toMatchObject({
      name: 'ConditionTooLarge',
    })
    expect(await wideTarget.write([{ key: key(2), expected: undefined, after }])).toEqual(['written'])
  })
})
