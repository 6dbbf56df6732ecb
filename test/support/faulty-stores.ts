import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { S3Client } from '@aws-sdk/client-s3'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { vi } from 'vitest'
import type { FaultCounts } from '../../local/faults/disturbance.ts'
import type { FaultOptions } from '../../local/faults/fault-plan.ts'
import { clientOf, region, role, start } from '../unit/local/services/fixtures.ts'

export interface FaultyStores {
  readonly bucket: string
  readonly table: string
  readonly s3: S3Client
  readonly documents: DynamoDBDocumentClient
  readonly target: DynamoDBClient
  readonly faults: () => FaultCounts | undefined
  readonly stop: () => Promise<void>
}

/** The local stores with faults before them, and the clients of the functions, settings and all. */
export async function startFaultyStores(faults: FaultOptions): Promise<FaultyStores> {
  const services = await start({ faults })
  const { credentials } = clientOf(services, role.arn)
  vi.stubEnv('AWS_REGION', region)
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
  vi.stubEnv('AWS_ENDPOINT_URL_S3', services.endpoint)
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', services.dynamodbEndpoint)
  // They keep their clients as long as they are loaded.
  vi.resetModules()
  const clients = await import('../../lambdas/shared/handler/clients.ts')
  const [s3, documents, target] = [clients.s3Client(), clients.documentClient(), clients.targetClient()]
  return {
    bucket: 'staging',
    table: 'places',
    s3,
    documents,
    target,
    faults: services.faults,
    stop: async () => {
      for (const client of [s3, documents, target]) client.destroy()
      vi.unstubAllEnvs()
      await services.close()
    },
  }
}
