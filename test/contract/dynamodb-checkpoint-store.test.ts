import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dynamoDbCheckpointStore } from '../../lambdas/shared/adapters/dynamodb-checkpoint-store/checkpoint-store.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'

let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

const at = { migration: 'places', segment: 'cities', manifest: 'm1', batch: '000001' }

test('a save whose answer is lost, and which the SDK repeats, is a success', async () => {
  const table = await server.table()
  const store = dynamoDbCheckpointStore(repeatingPuts(server.client), table)
  const { checkpoint } = await store.claim({
    ...at,
    step: 'extract',
    lockToken: 1,
    fingerprint: 'a'.repeat(64),
  })
  const saved = await store.save(at, { ...checkpoint, state: 'extracted' })
  expect(await store.get(at)).toEqual(saved)
})

/** Sends each put twice, as the SDK does when the first answer gets lost, and tells of the second alone. */
function repeatingPuts(client: DynamoDBClient): DynamoDBDocumentClient {
  const documents = DynamoDBDocumentClient.from(client)
  documents.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === PutItemCommand.name || context.commandName === PutCommand.name)
        await next(args)
      return next(args)
    },
    { step: 'finalizeRequest', name: 'repeat' },
  )
  return documents
}
