import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  ListTablesCommand,
  paginateScan,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb'
import { setTimeout as sleep } from 'node:timers/promises'

export type RawItem = Record<string, AttributeValue>

export const keyText = ({ pk, sk }: RawItem): string => `${pk?.S} ${sk?.S}`

/** A client of the operator. */
export function operatorOf(endpoint: string) {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' }
  return { endpoint, region: 'us-east-1', credentials }
}

/** The one table whose name ends so. */
export async function tableEndingWith(client: DynamoDBClient, ending: string): Promise<string> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  const found = TableNames.filter((name) => name.endsWith(ending))
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`no one table ends with ${ending}: ${TableNames.join()}`)
  return found[0]
}

export async function* itemsOf(client: DynamoDBClient, TableName: string): AsyncGenerator<RawItem> {
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true }))
    yield* page.Items ?? []
}

/**
 * Adds an attribute of another application to the first items that a load brings, while the load goes on. Answers
 * the keys.
 */
export async function touchFirstItems(
  client: DynamoDBClient,
  TableName: string,
  signal: AbortSignal,
): Promise<string[]> {
  for (;;) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName, Limit: 25 }))
    if (Items.length > 0) return touch(client, TableName, Items)
    await sleep(100, undefined, { signal })
  }
}

async function touch(
  client: DynamoDBClient,
  TableName: string,
  items: readonly RawItem[],
): Promise<string[]> {
  const touched: string[] = []
  for (const item of items) {
    const Key = { pk: item['pk'] ?? { NULL: true }, sk: item['sk'] ?? { NULL: true } }
    const update = new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET visits = :visits',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':visits': { N: '7' } },
    })
    try {
      await client.send(update)
      touched.push(keyText(item))
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
    }
  }
  return touched
}
