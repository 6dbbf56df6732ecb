import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'

/** Clients of the operator at the keyboard, who may do everything here. */
export interface Clients {
  readonly region: string
  readonly states: SFNClient
  readonly s3: S3Client
  readonly dynamodb: DynamoDBClient
}

/** The credentials that the operator uses; anything that is no role's own key will do. */
export const operatorKey = { accessKeyId: 'operator', secretAccessKey: 'operator' }

export function createClients(endpoint: string, stateMachineArn: string): Clients {
  const region = stateMachineArn.split(':')[3] ?? 'us-east-1'
  const options = { endpoint, region, credentials: operatorKey }
  return {
    region,
    states: new SFNClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
    dynamodb: new DynamoDBClient(options),
  }
}
