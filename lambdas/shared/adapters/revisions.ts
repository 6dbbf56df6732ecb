import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { randomUUID } from 'node:crypto'

type Item = Record<string, unknown>

export interface Place {
  readonly table: string
  readonly key: { readonly pk: string; readonly sk: string }
}

/** One item, read consistently. */
export async function readItem(
  client: DynamoDBDocumentClient,
  { table, key }: Place,
): Promise<Item | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
  return Item
}

/**
 * Writes a whole item as the successor of revision `seen`; `undefined`: there is none yet. Answers whether this very
 * write is in the item. A repeat that arrives late finds a later revision, and puts nothing back; one that finds its
 * own earlier try in the way, because the answer to that was lost, knows it by its name.
 */
export async function putRevision(
  client: DynamoDBDocumentClient,
  { table, key }: Place,
  fields: Item,
  seen: number | undefined,
): Promise<boolean> {
  const write = randomUUID()
  const condition =
    seen === undefined
      ? { ConditionExpression: 'attribute_not_exists(revision)' }
      : { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': seen } }
  try {
    const Item = { ...fields, ...key, revision: (seen ?? 0) + 1, write }
    await client.send(new PutCommand({ TableName: table, Item, ...condition }))
    return true
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
    return (await readItem(client, { table, key }))?.['write'] === write
  }
}
