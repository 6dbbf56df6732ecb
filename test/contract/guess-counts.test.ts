import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbGuessCounts } from '../../lambdas/shared/adapters/dynamodb-guess-counts.ts'
import type { GuessCounts } from '../../lambdas/shared/ports/guess-counts.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeGuessCounts } from '../support/fake-guess-counts.ts'

let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

const stores: Record<string, () => Promise<GuessCounts>> = {
  fake: async () => new FakeGuessCounts(),
  DynamoDB: async () => dynamoDbGuessCounts(server.documents, await server.table()),
}
const until = Date.UTC(2026, 0, 1)

describe.each(Object.entries(stores))('counts (%s)', (_name, make) => {
  test('each addition answers its own number, also when many come at once', async () => {
    const counts = await make()
    expect(await counts.count('one')).toBe(0)
    const answers = await Promise.all(Array.from({ length: 30 }, () => counts.add('one', until)))
    expect(answers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    expect(await counts.count('one')).toBe(30)
    expect(await counts.count('two')).toBe(0)
    expect(await counts.add('two', until)).toBe(1)
  })

  test('of texts that are kept under one name at once, all are answered the same', async () => {
    const counts = await make()
    const texts = ['a', 'b', 'c', 'd']
    const answers = await Promise.all(texts.map((text) => counts.keep('key', text, until)))
    expect(new Set(answers).size).toBe(1)
    expect(texts).toContain(answers[0])
    expect(await counts.keep('key', 'e', until)).toBe(answers[0])
    expect(await counts.keep('other', 'e', until)).toBe('e')
  })
})

test('in DynamoDB they expire when they were first said to, in seconds', async () => {
  const TableName = await server.table()
  const counts = dynamoDbGuessCounts(server.documents, TableName)
  await counts.add('one', until + 1)
  await counts.add('one', until + 5000)
  await counts.keep('key', 'text', until)
  const expiries = ['one', 'key'].map(async (pk) => {
    const { Item } = await server.documents.send(new GetCommand({ TableName, Key: { pk, sk: 'GUESSES' } }))
    return Item?.['expires'] as unknown
  })
  expect(await Promise.all(expiries)).toEqual([until / 1000 + 1, until / 1000])
})
