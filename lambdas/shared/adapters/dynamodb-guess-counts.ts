import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { z } from 'zod'
import type { GuessCounts } from '../ports/guess-counts.ts'

const counted = z.object({ times: z.int().nonnegative() })
const kept = z.object({ content: z.string() })

const keyOf = (name: string) => ({ pk: name, sk: 'GUESSES' })

/**
 * One item per number, in a table that DynamoDB clears of what has expired. It does so within days, and a repeated
 * request adds twice: both make a source be refused sooner or longer, and lose nothing.
 */
export function dynamoDbGuessCounts(client: DynamoDBDocumentClient, table: string): GuessCounts {
  const update = async (name: string, change: string, value: number | string, until: number) => {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: keyOf(name),
        UpdateExpression: `SET expires = if_not_exists(expires, :expires)${change}`,
        ExpressionAttributeValues: { ':expires': Math.ceil(until / 1000), ':value': value },
        ReturnValues: 'ALL_NEW',
      }),
    )
    return Attributes
  }

  return {
    async add(name, until) {
      return counted.parse(await update(name, ' ADD times :value', 1, until)).times
    },

    async count(name) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(name) }))
      return Item ? counted.parse(Item).times : 0
    },

    async keep(name, text, until) {
      const change = ', content = if_not_exists(content, :value)'
      return kept.parse(await update(name, change, text, until)).content
    },
  }
}
