import { open, type FileHandle } from 'node:fs/promises'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BucketStore } from './bucket-store.ts'
import { isNotModified } from './conditions.ts'
import { noSuchKey } from './errors.ts'
import type { Attributes, StoredObject } from './object-index.ts'
import { parseRange } from './range.ts'
import { receiveBody, type Received } from './receive.ts'
import type { S3Request } from './request.ts'

const keptHeaders = [
  ...['content-type', 'content-language', 'content-disposition', 'cache-control', 'expires'],
  ...['x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date', 'x-amz-server-side-encryption'],
  ...['x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-server-side-encryption-bucket-key-enabled'],
]

/** The request headers that S3 gives back with the object. */
export function keptFrom(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' }
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && (keptHeaders.includes(name) || name.startsWith('x-amz-meta-')))
      kept[name] = value
  }
  const encoding = headers['content-encoding']?.split(',').map((one) => one.trim())
  const own = encoding?.filter((one) => one !== 'aws-chunked' && one !== '') ?? []
  if (own.length > 0) kept['content-encoding'] = own.join(',')
  return kept
}

export async function putObject(
  store: BucketStore,
  s3: S3Request,
  request: IncomingMessage,
): Promise<Attributes & { etag: string }> {
  store.expectBucket(s3.bucket)
  const received = await receiveBody(request, store.directory)
  const object = objectOf(s3, received)
  try {
    store.put(s3.bucket, object, s3.headers)
  } catch (error) {
    store.discard([received.file])
    throw error
  }
  return { ...object.attributes, etag: object.etag }
}

function objectOf({ key, headers }: S3Request, { file, size, md5, checksum }: Received): StoredObject {
  const sums = checksum ? { checksum: { ...checksum, type: 'FULL_OBJECT' as const } } : {}
  const attributes: Attributes = { headers: keptFrom(headers), ...sums }
  return { key, file, size, etag: `"${md5}"`, modified: Date.now(), attributes }
}

export function checksumHeaders({ checksum }: Attributes): Record<string, string> {
  if (checksum === undefined) return {}
  return { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': checksum.type }
}

/** GET and HEAD. Reads only the bytes asked for, whatever the size of the object. */
export async function getObject(store: BucketStore, s3: S3Request, response: ServerResponse): Promise<void> {
  const { object, handle } = await openObject(store, s3)
  try {
    const headers = {
      ...object.attributes.headers,
      etag: object.etag,
      ...dates(object),
      'accept-ranges': 'bytes',
    }
    if (isNotModified(s3.headers, object)) {
      response.writeHead(304, headers).end()
      return
    }
    const range = parseRange(s3.headers.range, object.size)
    const length = range ? range.end - range.start + 1 : object.size
    const sums =
      range || s3.headers['x-amz-checksum-mode'] !== 'ENABLED' ? {} : checksumHeaders(object.attributes)
    const content = range ? { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` } : {}
    response.writeHead(range ? 206 : 200, { ...headers, ...sums, ...content, 'content-length': length })
    if (s3.operation === 'HeadObject' || length === 0) response.end()
    else
      await send(handle.createReadStream({ ...range, autoClose: false, highWaterMark: 256 * 1024 }), response)
  } finally {
    await handle.close()
  }
}

/** A reader that has seen enough closes the connection; that is no fault of ours. */
async function send(content: Readable, response: ServerResponse): Promise<void> {
  try {
    await pipeline(content, response)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

const dates = ({ modified }: StoredObject) => ({ 'last-modified': new Date(modified).toUTCString() })

/** Between the look into the index and the opening, another write may have replaced the file. */
async function openObject(
  store: BucketStore,
  { bucket, key }: S3Request,
): Promise<{ object: StoredObject; handle: FileHandle }> {
  for (let attempt = 1; ; attempt += 1) {
    store.expectBucket(bucket)
    const object = store.index.get(bucket, key)
    if (object === undefined) throw noSuchKey(key)
    try {
      return { object, handle: await open(store.path(object.file)) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 5) throw error
    }
  }
}
