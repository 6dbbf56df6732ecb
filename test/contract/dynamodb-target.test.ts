import { CreateTableCommand, PutItemCommand, type ScalarAttributeType } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dynamoDb } from '#lockgate'
import { toItem } from '../../lambdas/shared/adapters/dynamodb-target/attribute-values.ts'
import { dynamoDbTarget } from '../../lambdas/shared/adapters/dynamodb-target/target.ts'
import { encodeFields } from '../../lambdas/shared/domain/canonical.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import type { Fields } from '../../lambdas/shared/domain/value.ts'
import type { TargetWrite } from '../../lambdas/shared/ports/target.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeClock } from '../support/fake-clock.ts'

let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

const Item = z.object({ pk: z.string(), sk: z.string(), size: z.number(), note: z.string().optional() })
const spec = dynamoDb({
  at: 'things',
  record: Item,
  key: ['pk', 'sk'],
  scope: { attribute: 'pk', prefix: 'T#' },
})
const segment: Pick<Segment, 'target' | 'map'> = {
  target: spec,
  map: { pk: 'pk', sk: 'sk', size: 'size', note: 'note' },
}

const key = (n: number) => ({ pk: `T#${n}`, sk: 'x' })
const create = (n: number, fields: Fields = { size: n }): TargetWrite => ({
  key: key(n),
  expected: undefined,
  after: { ...key(n), ...fields },
})

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

  test('a table that does not exist is refused', async () => {
    const target = dynamoDbTarget({
      client: server.client,
      table: 'nowhere',
      segment,
      clock: new FakeClock(),
    })
    await expect(target.check()).rejects.toMatchObject({ name: 'TargetMissing' })
    await expect(target.write([create(1)])).rejects.toMatchObject({ name: 'TargetMissing' })
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

  test('an item that would grow too large is refused by name, and so is a condition', async () => {
    const { client } = server
    const table = await server.table()
    const target = dynamoDbTarget({ client, table, segment, clock: new FakeClock() })
    await client.send(
      new PutItemCommand({ TableName: table, Item: toItem({ ...key(1), stars: 'x'.repeat(300_000) }) }),
    )
    const write = { key: key(1), expected: key(1), after: { ...key(1), note: 'y'.repeat(200_000) } }
    await expect(target.write([write])).rejects.toMatchObject({ name: 'ItemTooLarge' })

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
