import type { Context } from './conditions.ts'
import { requestedAction } from './requested-action.ts'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { header, UnsupportedOperation } from './request.ts'
import { bucketArn, s3Location } from './s3-location.ts'

/** ARN of a bucket, table or topic -> ARN of its customer managed key. */
export type KeyOfResource = (resourceArn: string) => string | undefined

/**
 * The permissions on customer managed keys that a request needs beside its own: S3, DynamoDB and SNS call KMS
 * in the name of their caller.
 */
export function encryptionActions(
  request: ServiceRequest,
  scope: RequestScope,
  keyOf: KeyOfResource,
): readonly RequestedAction[] {
  switch (request.service) {
    case 's3':
      return s3Encryption(request, scope, keyOf)
    case 'dynamodb':
      return tableEncryption(request, scope, keyOf)
    case 'sns':
      return topicEncryption(request, scope, keyOf)
    case 'states':
    case 'kms':
    case 'lambda':
    case 'ssm':
      return []
  }
}

/**
 * DynamoDB decrypts the table key as the caller, for reading and for writing (aws-cdk issues 10010 and 19531 show
 * the refusal of PutItem and DeleteItem); the other permissions it takes from the grants of the table.
 */
function tableEncryption(request: ServiceRequest, scope: RequestScope, keyOf: KeyOfResource) {
  return requestedAction(request, scope)
    .filter(({ action }) =>
      /:(Batch|Get|Put|Update|Delete|ConditionCheck)\w*Item$|:(Query|Scan)$/.test(action),
    )
    .flatMap(({ resourceArns }) => resourceArns)
    .flatMap((arn) => onKey(['kms:Decrypt'], keyOf(arn.replace(/\/index\/.*$/, '')), 'dynamodb', scope))
}

/** Source: SNS developer guide, "Key management": the publisher needs both. */
function topicEncryption(request: ServiceRequest, scope: RequestScope, keyOf: KeyOfResource) {
  return requestedAction(request, scope)
    .filter(({ action }) => action === 'sns:Publish')
    .flatMap(({ resourceArns }) => resourceArns)
    .flatMap((arn) => onKey(['kms:GenerateDataKey', 'kms:Decrypt'], keyOf(arn), 'sns', scope))
}

/** Source: S3 user guide, "Using SSE-KMS" and "Multipart upload API and permissions". */
function s3Encryption(request: ServiceRequest, scope: RequestScope, keyOf: KeyOfResource) {
  const { bucket, key } = s3Location(request.path)
  const actions = key === '' ? [] : objectActions(request)
  const target = writeKey(request, scope, keyOf(bucketArn(bucket)))
  const source = header(request, 'x-amz-copy-source')
  const sourceKey =
    source === undefined
      ? undefined
      : keyOf(bucketArn(s3Location(source.startsWith('/') ? source : `/${source}`).bucket))
  return [...onKey(actions, target, 's3', scope), ...onKey(['kms:Decrypt'], sourceKey, 's3', scope)]
}

function objectActions({ method, query, headers }: ServiceRequest): readonly string[] {
  const isAbout = ['acl', 'tagging', 'retention', 'legal-hold'].some((name) => query.has(name))
  if (isAbout) return []
  switch (method) {
    case 'GET':
      return query.has('uploadId') ? [] : ['kms:Decrypt']
    case 'HEAD':
      // Metadata are not encrypted; checksums are.
      return headers['x-amz-checksum-mode'] === undefined ? [] : ['kms:Decrypt']
    case 'PUT':
      // A part is encrypted with the data key of its upload, which S3 must decrypt first.
      return query.has('uploadId') ? ['kms:Decrypt'] : ['kms:GenerateDataKey']
    case 'POST':
      return query.has('uploads') ? ['kms:GenerateDataKey'] : ['kms:Decrypt']
    default:
      return []
  }
}

/** Headers of a write may choose otherwise than the default encryption of the bucket. */
function writeKey(
  request: ServiceRequest,
  scope: RequestScope,
  bucketKey: string | undefined,
): string | undefined {
  const algorithm = header(request, 'x-amz-server-side-encryption')
  if (algorithm === undefined) return bucketKey
  if (algorithm === 'AES256') return undefined
  if (algorithm !== 'aws:kms') throw new UnsupportedOperation('s3', `server-side encryption ${algorithm}`)
  const key = header(request, 'x-amz-server-side-encryption-aws-kms-key-id')
  if (key === undefined || key.startsWith('arn:')) return key
  return `arn:aws:kms:${scope.region}:${scope.account}:key/${key}`
}

function onKey(
  actions: readonly string[],
  keyArn: string | undefined,
  service: string,
  { account, region }: RequestScope,
): readonly RequestedAction[] {
  if (keyArn === undefined) return []
  const context: Context = {
    'kms:ViaService': `${service}.${region}.amazonaws.com`,
    'kms:CallerAccount': account,
    'aws:ViaAWSService': 'true',
  }
  return actions.map((action) => ({ action, resourceArns: [keyArn], context }))
}
