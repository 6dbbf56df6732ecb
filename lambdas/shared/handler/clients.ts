import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import { SSMClient } from '@aws-sdk/client-ssm'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { exactNumber } from '../domain/value.ts'
import { withRefunds } from './retry-quota.ts'
import { tracer } from './telemetry.ts'

/**
 * SDK clients, one of each per process, made when they are first asked for. They are functions, not values,
 * so that the bundle of a step contains no SDK that the step does not use.
 */
const settings = () => ({
  // Not `adaptive`, which holds back every request once one was throttled, at a rate that it measures for the client as
  // a whole. Here a client serves several tables or buckets, and its process is idle between invocations: that rate is
  // near nothing. `standard` waits before it repeats, longest where it was throttled, and repeats no more when too much
  // fails: of a quota of 500, a retry costs 14 (5 when throttled), and what helped is given back.
  retryMode: 'standard',
  // With a fifth of all calls failing, one in 400,000 fails eight times in a row.
  maxAttempts: 8,
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
let lambda: LambdaClient | undefined
let ssm: SSMClient | undefined

/** DynamoDB for Lockgate's own tables. Numbers come back as `number` where that is exact, else as `Decimal`. */
export function documentClient(): DynamoDBDocumentClient {
  const client = () => withRefunds(tracer.captureAWSv3Client(new DynamoDBClient(settings())))
  documents ??= DynamoDBDocumentClient.from(client(), {
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
  targets ??= withRefunds(new DynamoDBClient({ ...settings(), maxAttempts: 2 }))
  return targets
}

export function s3Client(): S3Client {
  s3 ??= withRefunds(tracer.captureAWSv3Client(new S3Client(settings())))
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

export function lambdaClient(): LambdaClient {
  lambda ??= tracer.captureAWSv3Client(new LambdaClient(settings()))
  return lambda
}

export function ssmClient(): SSMClient {
  ssm ??= tracer.captureAWSv3Client(new SSMClient(settings()))
  return ssm
}
