import { CreateTableCommand, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import * as lib from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Services } from '../../../../local/services/services.ts'
import { clientOf, places, start } from './fixtures.ts'

const TableName = 'places'
let services: Services
let documents: lib.DynamoDBDocumentClient
beforeAll(async () => {
  services = await start()
  const client = new DynamoDBClient({ ...clientOf(services), endpoint: services.dynamodbEndpoint })
  documents = lib.DynamoDBDocumentClient.from(client)
})
afterAll(() => services.close())

const put = (Item: Record<string, unknown>, more: Partial<lib.PutCommandInput> = {}) =>
  documents.send(new lib.PutCommand({ TableName, Item, ...more }))
const get = async (pk: string, sk = 'a') =>
  (await documents.send(new lib.GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }))).Item

describe('a conditional write', () => {
  it('creates once', async () => {
    const creations = await Promise.allSettled(
      [1, 2, 3].map((n) =>
        put({ pk: 'once', sk: 'a', n }, { ConditionExpression: 'attribute_not_exists(pk)' }),
      ),
    )
    expect(creations.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('of owned attributes leaves the others alone, and gives back what was', async () => {
    await put({ pk: 'owned', sk: 'a', name: 'old', foreign: 1 })
    const update = new lib.UpdateCommand({
      TableName,
      Key: { pk: 'owned', sk: 'a' },
      UpdateExpression: 'SET #name = :new REMOVE #gone',
      ConditionExpression: '#name = :old AND attribute_not_exists(#gone)',
      ExpressionAttributeNames: { '#name': 'name', '#gone': 'gone' },
      ExpressionAttributeValues: { ':new': 'new', ':old': 'old' },
      ReturnValues: 'ALL_OLD',
    })
    expect((await documents.send(update)).Attributes).toMatchObject({ name: 'old', foreign: 1 })
    expect(await get('owned')).toEqual({ pk: 'owned', sk: 'a', name: 'new', foreign: 1 })
  })

  it.each(['put', 'update', 'delete'] as const)(
    'that is refused gives back the item it saw (%s)',
    async (kind) => {
      await put({ pk: 'seen', sk: 'a', n: 7 })
      const more = {
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      } as const
      const Key = { pk: 'seen', sk: 'a' }
      const refused = {
        put: () => put({ ...Key, n: 8 }, more),
        update: () =>
          documents.send(
            new lib.UpdateCommand({
              TableName,
              Key,
              UpdateExpression: 'SET n = :n',
              ExpressionAttributeValues: { ':n': 8 },
              ...more,
            }),
          ),
        delete: () => documents.send(new lib.DeleteCommand({ TableName, Key, ...more })),
      }[kind]()
      await expect(refused).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
        // The document client does not convert what comes with an error.
        Item: { pk: { S: 'seen' }, sk: { S: 'a' }, n: { N: '7' } },
      })
      await expect(
        put({ ...Key, n: 8 }, { ConditionExpression: 'attribute_not_exists(pk)' }),
      ).rejects.toHaveProperty('Item', undefined)
    },
  )
})

describe('an expression', () => {
  const conditionOf = (count: number) => {
    const range = [...Array(count).keys()]
    const command = new lib.DeleteCommand({
      TableName,
      Key: { pk: 'large', sk: 'a' },
      ConditionExpression: range.map((n) => `a${n} = :v${n}`).join(' AND '),
      ExpressionAttributeValues: Object.fromEntries(range.map((n) => [`:v${n}`, n])),
    })
    return documents.send(command)
  }

  it('is held to 300 operators and 4 KB', async () => {
    await expect(conditionOf(150)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
    await expect(conditionOf(151)).rejects.toThrow('too many operators; operator count: 301')
    await expect(
      put({ pk: 'a', sk: 'a' }, { ConditionExpression: `attribute_exists(${'a'.repeat(4096)})` }),
    ).rejects.toThrow('exceeded the maximum allowed size; expression size: 4114')
  })
})

describe('reading', () => {
  it('by key, by batch, by query and by parallel scan finds the same', async () => {
    const items = Array.from({ length: 60 }, (_, n) => ({
      pk: `read-${n % 7}`,
      sk: `${n}`.padStart(3, '0'),
      n,
    }))
    for (let at = 0; at < items.length; at += 25) {
      const requests = items.slice(at, at + 25).map((Item) => ({ PutRequest: { Item } }))
      await documents.send(new lib.BatchWriteCommand({ RequestItems: { [TableName]: requests } }))
    }
    const Keys = items.map(({ pk, sk }) => ({ pk, sk }))
    const batch = await documents.send(
      new lib.BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    )
    expect(batch.Responses?.[TableName]).toHaveLength(60)
    const query = await documents.send(
      new lib.QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk > :sk',
        ExpressionAttributeValues: { ':pk': 'read-3', ':sk': '010' },
        ScanIndexForward: false,
        Limit: 3,
      }),
    )
    expect(query.Items?.map(({ sk }) => sk as string)).toEqual(['059', '052', '045'])
    expect(query.LastEvaluatedKey).toEqual({ pk: 'read-3', sk: '045' })
    const segments = await Promise.all([0, 1, 2, 3].map((Segment) => scanned(Segment, 4)))
    expect(segments.flat()).toHaveLength(60)
    expect(segments.filter((segment) => segment.length > 0).length).toBeGreaterThan(1)
  })

  const scanned = async (Segment: number, TotalSegments: number) => {
    const found: unknown[] = []
    const input = {
      TableName,
      Segment,
      TotalSegments,
      Limit: 7,
      FilterExpression: 'begins_with(pk, :p)',
      ExpressionAttributeValues: { ':p': 'read-' },
    }
    for await (const { Items = [] } of lib.paginateScan({ client: documents }, input)) found.push(...Items)
    return found
  }
})

describe('what it does not have', () => {
  it('is refused by name', async () => {
    const Item = { pk: { S: 'a' }, sk: { S: 'a' } }
    const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] })
    await expect(documents.send(transaction)).rejects.toThrow('does not offer TransactWriteItems')
    const create = { ...places.create, TableName: 'other', DeletionProtectionEnabled: true } as unknown
    const command = new CreateTableCommand(create as ConstructorParameters<typeof CreateTableCommand>[0])
    await expect(documents.send(command)).rejects.toThrow(
      'does not support DeletionProtectionEnabled of CreateTable',
    )
  })
})
