import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { withTables } from './state-left.ts'

const TableName = 'lockgate-dev-target-places'

/** Puts records into the target before the first run: of ports, which finds some, and an attribute of another's. */
export async function placesBefore(stateDirectory: string): Promise<void> {
  await withTables(stateDirectory, async (client) => {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    )
    await waitUntilTableExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 10 }, { TableName })
    for (let id = 0; id < 60; id += 2) {
      const Item = { pk: `PLACE#${id}`, sk: 'PORTS#', name: `as it was ${id}`, depth: id }
      await client.send(new PutCommand({ TableName, Item }))
    }
  })
}
