import { GetCommand, paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

export type Item = Readonly<Record<string, unknown>>

/** All items of a partition, read consistently. */
export async function readPartitionItems(
  client: DynamoDBDocumentClient,
  table: string,
  partition: string,
  prefix = '',
): Promise<Item[]> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': partition, ...(prefix !== '' && { ':prefix': prefix }) },
  }
  const items: Item[] = []
  for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...Items)
  return items
}

export async function readItem(
  client: DynamoDBDocumentClient,
  table: string,
  key: { readonly pk: string; readonly sk: string },
): Promise<Item | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
  return Item
}
