import { afterAll, beforeAll } from 'vitest'
import { dynamoDbCheckpointStore } from '../../lambdas/shared/adapters/dynamodb-checkpoint-store/checkpoint-store.ts'
import type { CheckpointStore, Claim } from '../../lambdas/shared/ports/checkpoint-store.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeCheckpointStore } from '../support/fake-checkpoint-store.ts'

export const at = { migration: 'places', segment: 'cities', manifest: 'm1', batch: '000001' }

export const claim = (change: Partial<Claim> = {}): Claim => ({
  ...at,
  step: 'extract',
  lockToken: 1,
  fingerprint: 'a'.repeat(64),
  ...change,
})

/** Each kind of store, and what opens an empty one of it. The server lives as long as the test file. */
export function checkpointStores(): [string, () => Promise<CheckpointStore>][] {
  let server: DynamoDbServer
  beforeAll(async () => {
    server = await startDynamoDb()
  })
  afterAll(() => server.stop())
  return [
    ['fake', async () => new FakeCheckpointStore()],
    ['DynamoDB', async () => dynamoDbCheckpointStore(server.documents, await server.table())],
  ]
}
