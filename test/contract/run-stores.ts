import { afterAll, beforeAll } from 'vitest'
import { dynamoDbRunStore } from '../../lambdas/shared/adapters/dynamodb-run-store/run-store.ts'
import type { RunStore } from '../../lambdas/shared/ports/run-store.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeRunStore } from '../support/fake-run-store.ts'

export const held = { name: 'LockHeld' }
export const lost = { name: 'LockLost' }

/** Each kind of store, and what opens an empty one of it. The server lives as long as the test file. */
export function runStores(): [string, () => Promise<RunStore>][] {
  let server: DynamoDbServer
  beforeAll(async () => {
    server = await startDynamoDb()
  })
  afterAll(() => server.stop())
  return [
    ['fake', async () => new FakeRunStore()],
    ['DynamoDB', async () => dynamoDbRunStore(server.documents, await server.table())],
  ]
}
