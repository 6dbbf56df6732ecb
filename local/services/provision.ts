import type { Assembly, TableModel } from '../assembly/model.ts'
import type { BucketStore } from './s3/bucket-store.ts'
import { provisionTopics, type Inbox } from './sns/subscriptions.ts'
import type { Messaging } from './sns/upstream.ts'

export interface Stores {
  readonly tablesEndpoint: string
  readonly buckets: BucketStore
  readonly messaging: Messaging
  readonly inboxes: readonly Inbox[]
  /** Whether a subscription waits to be confirmed. */
  readonly isPending: (inbox: Inbox) => boolean
}

export class ProvisionFailed extends Error {
  override readonly name = 'ProvisionFailed'
}

/**
 * Makes the tables, buckets and topics that are not there yet. What is there is left alone, with its content;
 * each step can be cut off and done again.
 */
export async function provision(assembly: Assembly, stores: Stores): Promise<void> {
  for (const table of assembly.tables) await createTable(stores.tablesEndpoint, table)
  for (const { name, objectLock, retention } of assembly.buckets) {
    stores.buckets.index.createBucket(name)
    if (objectLock) stores.buckets.lockable.set(name, retention)
  }
  await provisionTopics(stores.messaging, assembly.topics, stores.inboxes, stores.isPending)
}

async function createTable(endpoint: string, { name, create }: TableModel): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.CreateTable',
      authorization: 'AWS4-HMAC-SHA256 Credential=operator/20260101/local/dynamodb/aws4_request',
    },
    body: JSON.stringify(create),
  })
  if (response.ok) return void (await response.arrayBuffer())
  const text = await response.text()
  if (!text.includes('ResourceInUseException')) throw new ProvisionFailed(`The table ${name}: ${text}`)
}
