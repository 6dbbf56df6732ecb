import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { exactNumber } from '../domain/value.ts'
import { tracer } from './telemetry.ts'

/**
 * SDK clients, one of each per process, made when they are first asked for. They are functions, not values,
 * so that the bundle of a step contains no SDK that the step does not use.
 */
const settings = () => ({
  retryMode: 'adaptive',
  maxAttempts: 5,
  requestHandler: new NodeHttpHandler({
    connectionTimeout: 3_000,
    requestTimeout: 20_000,
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets: 64 },
    httpsAgent: { keepAlive: true, maxSockets: 64 },
  }),
})

let documents: DynamoDBDocumentClient | undefined
let targets: DynamoDBClient | undefined
let s3: S3Client | undefined
let sfn: SFNClient | undefined
let sns: SNSClient | undefined
let kms: KMSClient | undefined

/** DynamoDB for Lockgate's own tables. Numbers come back as `number` where that is exact, else as `Decimal`. */
export function documentClient(): DynamoDBDocumentClient {
  documents ??= DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient(settings())), {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: exactNumber },
  })
  return documents
}

/**
 * DynamoDB for target tables. Not traced: a subsegment per record would fill the memory and the trace. Tried
 * twice only: the target adapter slows down by itself when it is throttled.
 */
export function targetClient(): DynamoDBClient {
  targets ??= new DynamoDBClient({ ...settings(), retryMode: 'standard', maxAttempts: 2 })
  return targets
}

export function s3Client(): S3Client {
  s3 ??= tracer.captureAWSv3Client(new S3Client(settings()))
  return s3
}

export function sfnClient(): SFNClient {
  sfn ??= tracer.captureAWSv3Client(new SFNClient(settings()))
  return sfn
}

export function snsClient(): SNSClient {
  sns ??= tracer.captureAWSv3Client(new SNSClient(settings()))
  return sns
}

export function kmsClient(): KMSClient {
  kms ??= tracer.captureAWSv3Client(new KMSClient(settings()))
  return kms
}
