import { DeleteTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromItem, toItem } from '../../lambdas/shared/adapters/dynamodb-target/attribute-values.ts'
import { dynamoDbTarget } from '../../lambdas/shared/adapters/dynamodb-target/target.ts'
import { encodeFields } from '../../lambdas/shared/domain/canonical.ts'
import { Decimal, type Fields, type Value } from '../../lambdas/shared/domain/value.ts'
import type { Target } from '../../lambdas/shared/ports/target.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { FakeTarget } from '../support/fake-target.ts'
import { createItem, itemKey, itemSegment } from '../support/item-segment.ts'

let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

interface World {
  readonly target: Target
  /** Writes whole items as another program would. */
  put(fields: Record<string, Value>): Promise<void>
  get(key: Fields): Promise<Fields | undefined>
  /** Deletes the table. */
  drop(): Promise<void>
}

const worlds: Record<string, () => Promise<World>> = {
  fake: async () => {
    const target = new FakeTarget(
      ['pk', 'sk'],
      ['size', 'note'],
      ({ pk }) => typeof pk === 'string' && pk.startsWith('T#'),
    )
    return {
      target,
      put: async (fields) => target.put(fields),
      get: async (key) => target.get(key),
      drop: async () => void (target.missing = true),
    }
  },
  DynamoDB: async () => {
    const { client } = server
    const table = await server.table()
    return {
      target: dynamoDbTarget({ client, table, segment: itemSegment, clock: new FakeClock() }),
      put: async (fields) =>
        void (await client.send(new PutItemCommand({ TableName: table, Item: toItem(fields) }))),
      async get(key) {
        const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: toItem(key) }))
        return Item && fromItem(Item)
      },
      drop: async () => void (await client.send(new DeleteTableCommand({ TableName: table }))),
    }
  },
}

const key = itemKey
const create = createItem

describe.each(Object.entries(worlds))('target: %s', (_, open) => {
  test('a record is created once', async () => {
    const { target } = await open()
    expect(await target.write([create(1), create(2)])).toEqual(['written', 'written'])
    expect(await target.write([create(1, { size: 5 }), create(3)])).toEqual(['refused', 'written'])
    expect(await target.read([key(3), key(9), key(1), key(1)])).toEqual([
      { ...key(3), size: 3 },
      undefined,
      { ...key(1), size: 1 },
      { ...key(1), size: 1 },
    ])
  })

  test('more records than one request takes come back in the order of their keys', async () => {
    const { target } = await open()
    const numbers = Array.from({ length: 250 }, (_, i) => i)
    await target.write(numbers.map((n) => create(n)))
    const read = await target.read(numbers.map(key).reverse())
    expect(read.map((fields) => fields?.['size'])).toEqual(numbers.toReversed())
  })

  test('owned fields are set and removed, and what others added stays', async () => {
    const world = await open()
    await world.put({ ...key(1), size: 1, note: 'old', stars: 5 })
    const expected = { ...key(1), size: 1, note: 'old' }
    expect(await world.target.read([key(1)])).toEqual([expected])
    const write = { key: key(1), expected, after: { ...key(1), size: 2 } }
    expect(await world.target.write([write])).toEqual(['written'])
    expect(await world.get(key(1))).toEqual({ ...key(1), size: 2, stars: 5 })
  })

  test('a record with foreign attributes alone is no absent record', async () => {
    const world = await open()
    await world.put({ ...key(1), stars: 5 })
    expect(await world.target.read([key(1)])).toEqual([key(1)])
    expect(await world.target.write([create(1)])).toEqual(['refused'])
    expect(
      await world.target.write([{ key: key(1), expected: key(1), after: { ...key(1), size: 1 } }]),
    ).toEqual(['written'])
    expect(await world.get(key(1))).toEqual({ ...key(1), size: 1, stars: 5 })
  })

  test.each<[string, Record<string, Value> | undefined]>([
    ['an owned field has another value', { ...key(1), size: 7, note: 'old' }],
    ['an owned field is gone', { ...key(1), size: 1 }],
    ['an owned field has another type', { ...key(1), size: '1', note: 'old' }],
    ['the record is gone', undefined],
  ])('a write is refused when %s', async (_, held) => {
    const world = await open()
    if (held) await world.put(held)
    const expected = { ...key(1), size: 1, note: 'old' }
    const write = { key: key(1), expected, after: { ...key(1), size: 2, note: 'new' } }
    expect(await world.target.write([write])).toEqual(['refused'])
    expect(await world.get(key(1))).toEqual(held)
  })

  test('values survive the way there and back', async () => {
    const { target } = await open()
    const note: Value = {
      bytes: Uint8Array.of(0, 255),
      digits: new Decimal('1234567890123456789012345678.5'),
      whole: 9_007_199_254_740_993n,
      list: [null, true, '', { ü: '\u{1f600}' }],
    }
    await target.write([create(1, { size: 1, note })])
    const [read] = await target.read([key(1)])
    expect(encodeFields(read ?? {})).toBe(encodeFields({ ...key(1), size: 1, note }))
  })

  test('each write is answered in its place, however many there are', async () => {
    const world = await open()
    const numbers = Array.from({ length: 120 }, (_, n) => n)
    for (const n of numbers.filter((n) => n % 3 === 0)) await world.put({ ...key(n), size: -1 })
    const outcomes = await world.target.write(numbers.map((n) => create(n)))
    expect(outcomes).toEqual(numbers.map((n) => (n % 3 === 0 ? 'refused' : 'written')))
    expect(await world.target.write([])).toEqual([])
    expect(await world.target.read([])).toEqual([])
  })

  test('the parts of a scan give each key within the scope once, with no other field, however many pages', async () => {
    const world = await open()
    // Beyond the megabyte that DynamoDB gives at once.
    const note = 'x'.repeat(60_000)
    await world.target.write(Array.from({ length: 45 }, (_, n) => create(n, { size: n, note })))
    await world.put({ pk: 'other', sk: 'x', size: 1 })
    for (const parts of [1, 3]) {
      const keys: Fields[] = []
      for (let part = 0; part < parts; part += 1) {
        let after: string | undefined
        do {
          const page = await world.target.scan(part, parts, after)
          keys.push(...page.keys)
          after = page.next
        } while (after !== undefined)
      }
      const texts = keys.map(encodeFields).sort()
      expect(texts).toEqual(Array.from({ length: 45 }, (_, n) => encodeFields(key(n))).sort())
    }
  })

  test('an item that would grow too large with what others keep in it is refused by name', async () => {
    const world = await open()
    const held = { ...key(1), stars: 'x'.repeat(300_000) }
    await world.put(held)
    const write = { key: key(1), expected: key(1), after: { ...key(1), note: 'y'.repeat(200_000) } }
    await expect(world.target.write([write])).rejects.toMatchObject({ name: 'ItemTooLarge' })
    expect(await world.get(key(1))).toEqual(held)
  })

  test('a table that is not there is refused by name', async () => {
    const world = await open()
    await expect(world.target.check()).resolves.toBeUndefined()
    await world.drop()
    await expect(world.target.check()).rejects.toMatchObject({ name: 'TargetMissing' })
    await expect(world.target.write([create(1)])).rejects.toMatchObject({ name: 'TargetMissing' })
  })

  test('an aborted signal ends it', async () => {
    const { target } = await open()
    const reason = new Error('the time is over')
    const signal = AbortSignal.abort(reason)
    await expect(target.write([create(1)], signal)).rejects.toBe(reason)
    await expect(target.read([key(1)], signal)).rejects.toBe(reason)
    await expect(target.scan(0, 1, undefined, signal)).rejects.toBe(reason)
  })
})
