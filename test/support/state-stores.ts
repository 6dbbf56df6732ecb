import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { targetOf, type ServiceHandler } from '../../local/services/calls.ts'
import { startTables } from '../../local/services/dynamodb/tables.ts'
import { KeyStore } from '../../local/services/kms/key-store.ts'
import { kmsService } from '../../local/services/kms/service.ts'
import { BucketStore } from '../../local/services/s3/bucket-store.ts'
import { s3Service } from '../../local/services/s3/service.ts'
import { operatorOf } from './places-table.ts'

const names = ['log', 'gates', 'checkpoints'].map((thing) => `lockgate-dev-${thing}`)
export const logKey = {
  ...{ id: 'log-key', arn: 'arn:aws:kms:us-east-1:000000000000:key/log-key', spec: 'ECC_NIST_P256' },
  ...{ usage: 'SIGN_VERIFY', aliases: ['alias/lockgate-dev-log'], policy: [] },
}

export interface StateStores {
  readonly tables: DynamoDBDocumentClient
  readonly objects: S3Client
  readonly kms: KMSClient
  /** Under its hands, past Object Lock: as somebody who has the disk. */
  readonly buckets: BucketStore
  /** For clients of others than these. */
  readonly endpoints: { readonly region: string; readonly endpoint: string; readonly tablesEndpoint: string }
  stop(): Promise<void>
}

/** The stores of a state directory as a local system leaves them, to fill them and to tamper with them. */
export async function startStateStores(stateDirectory: string): Promise<StateStores> {
  const buckets = new BucketStore(stateDirectory)
  for (const thing of ['evidence', 'archive'])
    buckets.index.createBucket(`lockgate-dev-${thing}-000000000000`)
  buckets.lockable.set('lockgate-dev-evidence-000000000000', { mode: 'GOVERNANCE', days: 30 })
  const onFailure = (error: Error) => {
    throw error
  }
  const options = { stateDirectory, region: 'us-east-1', account: '000000000000', onFailure }
  const served = await startTables({ ...options, decide: () => undefined, onServed: () => undefined })
  const dynamodb = new DynamoDBClient(operatorOf(served.endpoint))
  for (const name of names) await createTable(dynamodb, name)
  const s3 = s3Service(buckets)
  const kms = kmsService([logKey], new KeyStore(stateDirectory))
  const server = createServer((request, response) => {
    const serve: ServiceHandler = request.headers['x-amz-target'] === undefined ? s3 : kms
    const allowed = { roleArn: undefined, permit: () => undefined, permitAction: () => undefined }
    void serve({ request, response, url: targetOf(request), ...allowed })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const operator = operatorOf(endpoint)
  const objects = new S3Client({ ...operator, forcePathStyle: true })
  const keys = new KMSClient(operator)
  return {
    tables: DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
    objects,
    kms: keys,
    buckets,
    endpoints: { region: options.region, endpoint, tablesEndpoint: served.endpoint },
    async stop() {
      for (const client of [dynamodb, objects, keys]) client.destroy()
      server.closeAllConnections()
      await new Promise<void>((closed) => server.close(() => closed()))
      buckets.close()
      await served.close()
    },
  }
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const key = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const })
  const command = new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [key('pk'), key('sk')],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  })
  await client.send(command).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error
  })
}
