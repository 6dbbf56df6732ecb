import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  paginateQuery,
  PutCommand,
  QueryCommand,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { z } from 'zod'
import { markKey, placeKey } from '../../domain/decision-log/item-keys.ts'
import type { LogStore, StoredEntry } from '../../ports/log-store.ts'
import { readItem } from '../revisions.ts'

const entryItem = z.object({ sequence: z.int().positive(), text: z.string() })
const markItem = z.object({ sequence: z.int().positive() })

/** Chains as partitions of one table: entries by their place, and marks by the id of their event. */
export function dynamoDbLogStore(client: DynamoDBDocumentClient, table: string): LogStore {
  const at = (chain: string, sk: string) => ({ table, key: { pk: `LOG#${chain}`, sk } })
  const ofChain = (chain: string): QueryCommandInput => ({
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :entries)',
    ExpressionAttributeValues: { ':pk': `LOG#${chain}`, ':entries': 'ENTRY#' },
  })

  return {
    async newest(chain) {
      const query = new QueryCommand({ ...ofChain(chain), ScanIndexForward: false, Limit: 1 })
      const { Items = [] } = await client.send(query)
      return Items[0] && entryItem.parse(Items[0])
    },

    async entry(chain, sequence) {
      const item = await readItem(client, at(chain, placeKey(sequence)))
      return item && entryItem.parse(item).text
    },

    async put(chain, { sequence, text }) {
      const { key } = at(chain, placeKey(sequence))
      const ConditionExpression = 'attribute_not_exists(pk)'
      try {
        const Item = { ...key, sequence, text }
        await client.send(new PutCommand({ TableName: table, Item, ConditionExpression }))
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false
        throw error
      }
    },

    async marked(chain, id) {
      const item = await readItem(client, at(chain, markKey(id)))
      return item && markItem.parse(item).sequence
    },

    async mark(chain, id, sequence) {
      const { key } = at(chain, markKey(id))
      await client.send(new PutCommand({ TableName: table, Item: { ...key, id, sequence } }))
    },

    async *entries(chain): AsyncIterable<StoredEntry> {
      for await (const { Items = [] } of paginateQuery({ client }, ofChain(chain))) {
        for (const item of Items) yield entryItem.parse(item)
      }
    },
  }
}
