import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { readItem, type Place } from '../revisions.ts'

type Item = Record<string, unknown>

export function isConditionFailure(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException
}

/** Reads of the items that belong to a migration as a whole; always consistent. */
export class RunItems {
  private readonly client: DynamoDBDocumentClient
  private readonly table: string

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.client = client
    this.table = table
  }

  partition(migration: string): string {
    return `MIGRATION#${migration}`
  }

  place(migration: string, sk: string): Place {
    return { table: this.table, key: { pk: this.partition(migration), sk } }
  }

  async get(migration: string, sk: string): Promise<Item | undefined> {
    return readItem(this.client, this.place(migration, sk))
  }

  async query(migration: string, prefix: string): Promise<Item[]> {
    const found: Item[] = []
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': this.partition(migration), ':prefix': prefix },
      },
    )
    for await (const page of pages) found.push(...(page.Items ?? []))
    return found
  }
}
