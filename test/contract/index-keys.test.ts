import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { dynamoDb } from '#lockgate'
import { dynamoDbTarget } from '../../lambdas/shared/adapters/dynamodb-target/target.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeClock } from '../support/fake-clock.ts'

const table = 'indexed'
let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
  const { client } = server
  const Projection = { ProjectionType: 'KEYS_ONLY' } as const
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'colour', AttributeType: 'S' },
        { AttributeName: 'size', AttributeType: 'N' },
        { AttributeName: 'photo', AttributeType: 'B' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-colour',
          KeySchema: [
            { AttributeName: 'colour', KeyType: 'HASH' },
            { AttributeName: 'photo', KeyType: 'RANGE' },
          ],
          Projection,
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-size',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'size', KeyType: 'RANGE' },
          ],
          Projection,
        },
      ],
    }),
  )
  await waitUntilTableExists({ client, minDelay: 0.01, maxDelay: 0.1, maxWaitTime: 20 }, { TableName: table })
})
afterAll(() => server.stop())

function check(fields: Record<string, z.ZodType>, map: Segment['map'] = {}): Promise<void> {
  const record = z.object({ pk: z.string(), sk: z.string(), ...fields })
  const own = Object.fromEntries(Object.keys(record.shape).map((name) => [name, name]))
  const segment = {
    target: dynamoDb({ at: 'things', record, key: ['pk', 'sk'] }),
    map: { ...own, ...map },
  }
  return dynamoDbTarget({ client: server.client, table, segment, clock: new FakeClock() }).checkIndexes()
}

const text = z.string().min(1)
const bytes = z.instanceof(Uint8Array).refine(({ length }) => length > 0)

test.each<[string, Record<string, z.ZodType>, Segment['map']?]>([
  ['nothing of an index', { remark: z.string().nullable() }],
  ['what the indexes take', { colour: text, size: z.number(), photo: bytes }],
  ['the same, or nothing', { colour: text.optional(), size: z.bigint().optional(), photo: bytes.optional() }],
  ['what only code knows to be so', { colour: z.enum(['red', 'blue']), size: z.string().transform(Number) }],
  ['a hash, which is never empty', { colour: z.string() }, { colour: { from: 'colour', pii: 'hash' } }],
  ['what is dropped', { colour: z.string().nullish() }, { colour: { from: 'colour', pii: 'drop' } }],
])('a contract that lets in %s passes', async (_, fields, map) => {
  await check(fields, map)
})

test.each<[string, Record<string, z.ZodType>, RegExp, Segment['map']?]>([
  ['an empty text', { colour: z.string() }, /by-colour .* text that is not empty, .* lets an empty text in/],
  ['null', { colour: text.nullable() }, /colour .* lets null in: narrow the contract/],
  ['null for a hash', { colour: text.nullish() }, /null/, { colour: { from: 'colour', pii: 'hash' } }],
  ['a number for a text', { colour: z.number().min(100).optional() }, /colour .* lets a number in/],
  ['a text for a number', { size: z.email().optional() }, /^size .* index by-size .* a number, .* a text in/],
  ['this and that', { colour: z.union([text, z.number()]) }, /lets a number in/],
  ['anything', { size: z.unknown() }, /lets null in/],
  ['a number in the end', { colour: z.string().transform(Number) }, /lets a number in/],
  ['a text for bytes', { photo: z.string().min(50) }, /photo .* binary that is not empty, .* a text in/],
])('a contract that lets in %s is refused by name', async (_, fields, message, map) => {
  await expect(check(fields, map)).rejects.toMatchObject({
    name: 'IndexKeyMismatch',
    message: expect.stringMatching(message) as string,
  })
})
