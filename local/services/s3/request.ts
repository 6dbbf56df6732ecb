import type { IncomingHttpHeaders } from 'node:http'
import type { Target } from '../calls.ts'
import { notImplemented, S3Error } from './errors.ts'

export interface S3Request {
  readonly operation: S3Operation
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

export type S3Operation = (typeof shapes)[number]['operation']

/** Method, whether a key is given, the query parameters that must be there, and those that may. */
const shapes = [
  { operation: 'UploadPart', method: 'PUT', on: 'key', must: ['partNumber', 'uploadId'], may: [] },
  { operation: 'PutObject', method: 'PUT', on: 'key', must: [], may: [] },
  { operation: 'ListParts', method: 'GET', on: 'key', must: ['uploadId'], may: [] },
  { operation: 'GetObject', method: 'GET', on: 'key', must: [], may: ['versionId'] },
  { operation: 'HeadObject', method: 'HEAD', on: 'key', must: [], may: ['versionId'] },
  { operation: 'AbortMultipartUpload', method: 'DELETE', on: 'key', must: ['uploadId'], may: [] },
  { operation: 'DeleteObject', method: 'DELETE', on: 'key', must: [], may: [] },
  { operation: 'CreateMultipartUpload', method: 'POST', on: 'key', must: ['uploads'], may: [] },
  { operation: 'CompleteMultipartUpload', method: 'POST', on: 'key', must: ['uploadId'], may: [] },
  { operation: 'CreateBucket', method: 'PUT', on: 'bucket', must: [], may: [] },
  { operation: 'HeadBucket', method: 'HEAD', on: 'bucket', must: [], may: [] },
  { operation: 'DeleteBucket', method: 'DELETE', on: 'bucket', must: [], may: [] },
  { operation: 'DeleteObjects', method: 'POST', on: 'bucket', must: ['delete'], may: [] },
  {
    operation: 'ListObjectsV2',
    method: 'GET',
    on: 'bucket',
    must: ['list-type'],
    may: [
      'prefix',
      'delimiter',
      'max-keys',
      'continuation-token',
      'start-after',
      'encoding-type',
      'fetch-owner',
    ],
  },
  {
    operation: 'ListObjectVersions',
    method: 'GET',
    on: 'bucket',
    must: ['versions'],
    may: ['prefix', 'max-keys', 'key-marker', 'version-id-marker', 'encoding-type'],
  },
  { operation: 'GetBucketLocation', method: 'GET', on: 'bucket', must: ['location'], may: [] },
  { operation: 'GetBucketVersioning', method: 'GET', on: 'bucket', must: ['versioning'], may: [] },
  { operation: 'ListMultipartUploads', method: 'GET', on: 'bucket', must: ['uploads'], may: [] },
  { operation: 'ListBuckets', method: 'GET', on: 'service', must: [], may: ['max-buckets'] },
] as const

/** Without effect on one machine: encryption is not done here, and a key's owner is always the same. */
const acceptedHeaders = new Set([
  ...['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', 'x-amz-user-agent', 'x-amz-trailer'],
  ...['x-amz-decoded-content-length', 'x-amz-sdk-checksum-algorithm', 'x-amz-checksum-algorithm'],
  ...['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-expected-bucket-owner', 'x-amz-mp-object-size'],
  ...['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id'],
  ...['x-amz-server-side-encryption-bucket-key-enabled', 'x-amz-storage-class'],
  ...['x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date', 'x-amz-bypass-governance-retention'],
])

/** Reads a path-style request. Throws a refusal that names what is not supported. */
export function parseS3Request(method: string, url: Target, headers: IncomingHttpHeaders): S3Request {
  const [, rawBucket = '', rawKey = ''] = /^\/([^/]*)\/?(.*)$/s.exec(url.pathname) ?? []
  const bucket = decode(rawBucket)
  const key = decode(rawKey)
  const on = bucket === '' ? 'service' : key === '' ? 'bucket' : 'key'
  const given = [...url.searchParams.keys()].filter((name) => name !== 'x-id' && !name.startsWith('X-Amz-'))
  // As in a bucket that never had versions, each object has the one that is called `null`.
  if ((url.searchParams.get('versionId') ?? 'null') !== 'null') throw notImplemented('versions: versionId')
  const shape = shapes.find(
    (one) => one.method === method && one.on === on && one.must.every((name) => given.includes(name)),
  )
  const known: readonly string[] = shape ? [...shape.must, ...shape.may] : []
  const unknown = given.find((name) => !known.includes(name))
  if (shape === undefined || unknown !== undefined) {
    throw notImplemented(`${method} of a ${on}${unknown ? ` with ?${unknown}` : ''}`)
  }
  refuseHeaders(headers)
  if (Buffer.byteLength(key) > 1024) throw new S3Error('KeyTooLongError', 400, 'Your key is too long')
  return { operation: shape.operation, bucket, key, query: url.searchParams, headers }
}

function refuseHeaders(headers: IncomingHttpHeaders): void {
  const unknown = Object.keys(headers).find(
    (name) =>
      name.startsWith('x-amz-') && !acceptedHeaders.has(name) && !/^x-amz-(meta|checksum)-/.test(name),
  )
  if (unknown !== undefined) throw notImplemented(`the header ${unknown}`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw Object.assign(new S3Error('InvalidURI', 400, "Couldn't parse the specified URI."), { cause })
  }
}
