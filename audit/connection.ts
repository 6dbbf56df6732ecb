import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** Clients that only read. */
export interface Connection {
  readonly tables: DynamoDBDocumentClient
  readonly objects: S3Client
  readonly kms: KMSClient
  close(): Promise<void>
}

interface Endpoints {
  readonly region?: string
  /** Of all three; absent: AWS. */
  readonly endpoint?: string
  /** Where the tables have one of their own. */
  readonly tablesEndpoint?: string
}

/** On AWS with the default credentials and region of the SDK. */
export function connect({ region, endpoint, tablesEndpoint = endpoint }: Endpoints): Connection {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' }
  const common = { ...(region && { region }), ...(endpoint && { credentials }) }
  const at = (url: string | undefined) => ({ ...common, ...(url && { endpoint: url }) })
  const dynamodb = new DynamoDBClient(at(tablesEndpoint))
  const objects = new S3Client({
    ...at(endpoint),
    ...(endpoint && { forcePathStyle: true }),
    // What was altered is to be read as well: its hash is compared with what the log says.
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const kms = new KMSClient(at(endpoint))
  return {
    tables: DynamoDBDocumentClient.from(dynamodb, {
      // A number that no double holds would end the audit; rounded, it is not what Lockgate writes, and is named.
      unmarshallOptions: { wrapNumbers: Number },
    }),
    objects,
    kms,
    async close() {
      for (const client of [dynamodb, objects, kms]) client.destroy()
    },
  }
}
