import { GetCommand, paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

export type Item = Readonly<Record<string, unknown>>

/** Sort keys of a partition. */
type Keys =
  | { readonly prefix: string }
  | { readonly below: string }
  /** Both included. */
  | { readonly from: string; readonly to?: string }

/** Items of a partition with these keys, read consistently. */
export async function readItems(
  client: DynamoDBDocumentClient,
  table: string,
  partition: string,
  keys: Keys,
): Promise<Item[]> {
  const { condition, values } = conditionOf(keys)
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: `pk = :pk AND ${condition}`,
    ExpressionAttributeValues: { ':pk': partition, ...values },
  }
  const items: Item[] = []
  for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...Items)
  return items
}

function conditionOf(keys: Keys): { condition: string; values: Record<string, string> } {
  if ('prefix' in keys) return { condition: 'begins_with(sk, :prefix)', values: { ':prefix': keys.prefix } }
  if ('below' in keys) return { condition: 'sk < :below', values: { ':below': keys.below } }
  const { from, to } = keys
  if (to === undefined) return { condition: 'sk >= :from', values: { ':from': from } }
  return { condition: 'sk BETWEEN :from AND :to', values: { ':from': from, ':to': to } }
}

export async function readItem(
  client: DynamoDBDocumentClient,
  table: string,
  key: { readonly pk: string; readonly sk: string },
): Promise<Item | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }))
  return Item
}
