import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { exactNumber } from '../../lambdas/shared/domain/value.ts'

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server

export interface DynamoDbServer {
  readonly client: DynamoDBClient
  readonly documents: DynamoDBDocumentClient
  /** A new table with the keys `pk` and `sk`, both strings; its name. */
  table(): Promise<string>
  stop(): Promise<void>
}

/** A real HTTP server that speaks DynamoDB, with tables in memory, and a client set up as the handlers' is. */
export async function startDynamoDb(): Promise<DynamoDbServer> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  })
  let tables = 0
  return {
    client,
    documents: DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
      unmarshallOptions: { wrapNumbers: exactNumber },
    }),
    async table() {
      const TableName = `table-${(tables += 1)}`
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
        }),
      )
      // A table takes no writes while it is CREATING, which lasts a moment even where the server is told to take no time.
      await waitUntilTableExists({ client, minDelay: 0.01, maxDelay: 0.1, maxWaitTime: 20 }, { TableName })
      return TableName
    },
    async stop() {
      client.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
