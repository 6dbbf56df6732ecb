import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { unlink } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { readBody } from '../http.ts'
import { element, elements, textOf } from '../xml.ts'
import type { BucketStore } from './bucket-store.ts'
import { checksumAlgorithms, startChecksum, type ChecksumAlgorithm } from './checksums.ts'
import { checkWrite } from './conditions.ts'
import { noSuchUpload, notImplemented, S3Error } from './errors.ts'
import { keptFrom } from './objects.ts'
import type { Attributes } from './object-index.ts'
import { receiveBody } from './receive.ts'
import type { S3Request } from './request.ts'
import type { Part, Upload } from './uploads.ts'

const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
const minPartBytes = 5 * 1024 * 1024
const maxListBytes = 4 * 1024 * 1024

export function createUpload(store: BucketStore, { bucket, key, headers }: S3Request): string {
  store.expectBucket(bucket)
  const id = randomUUID().replaceAll('-', '')
  const named = String(headers['x-amz-checksum-algorithm'] ?? '').toLowerCase()
  const algorithm = checksumAlgorithms.find((one) => one === named)
  if (named !== '' && algorithm === undefined) throw notImplemented(`the checksum algorithm ${named}`)
  const type = headers['x-amz-checksum-type'] === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE'
  // The value is not known yet; complete puts it in.
  const sums = algorithm ? { checksum: { algorithm, value: '', type } as const } : {}
  const attributes: Attributes = { headers: keptFrom(headers), ...sums }
  store.uploads.create({ id, bucket, key, started: Date.now(), attributes })
  return element('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id }, namespace)
}

export function uploadOf(store: BucketStore, { bucket, key, query }: S3Request): Upload {
  const id = query.get('uploadId') ?? ''
  const upload = store.uploads.get(id)
  if (upload === undefined || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(id)
  return upload
}

export async function uploadPart(store: BucketStore, s3: S3Request, request: IncomingMessage) {
  const number = Number(s3.query.get('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new S3Error('InvalidArgument', 400, 'Part number must be an integer between 1 and 10000, inclusive')
  }
  uploadOf(store, s3)
  const { file, size, md5, checksum } = await receiveBody(request, store.directory)
  try {
    const { id } = uploadOf(store, s3)
    const replaced = store.uploads.parts(id).find((part) => part.number === number)
    store.uploads.putPart(id, {
      number,
      file,
      size,
      md5,
      modified: Date.now(),
      checksum: checksum?.value ?? null,
    })
    if (replaced) store.discard([replaced.file])
  } catch (error) {
    store.discard([file])
    throw error
  }
  return {
    etag: `"${md5}"`,
    ...(checksum ? { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value } : {}),
  }
}

export function abortUpload(store: BucketStore, s3: S3Request): void {
  const { id } = uploadOf(store, s3)
  const files = store.uploads.parts(id).map(({ file }) => file)
  store.uploads.delete(id)
  store.discard(files)
}

export function listParts(store: BucketStore, s3: S3Request): string {
  const upload = uploadOf(store, s3)
  const parts = store.uploads.parts(upload.id).map(({ number, modified, md5, size }) =>
    element('Part', {
      PartNumber: number,
      LastModified: new Date(modified).toISOString(),
      ETag: `"${md5}"`,
      Size: size,
    }),
  )
  const { bucket, key, id } = upload
  return element(
    'ListPartsResult',
    { Bucket: bucket, Key: key, UploadId: id, IsTruncated: false, Parts: parts },
    namespace,
  )
}

/** Joins the parts into a file of their own. The upload, and all parts, are there until the object is. */
export async function completeUpload(
  store: BucketStore,
  s3: S3Request,
  request: IncomingMessage,
): Promise<string> {
  const list = (await readBody(request, maxListBytes)).toString()
  const upload = uploadOf(store, s3)
  const stored = store.uploads.parts(upload.id)
  const parts = chosenParts(list, stored)
  checkWrite(s3.headers, s3.key, store.index.get(s3.bucket, s3.key))
  const algorithm = upload.attributes.checksum?.algorithm
  const whole =
    algorithm && upload.attributes.checksum.type === 'FULL_OBJECT' ? startChecksum(algorithm) : undefined
  const file = randomUUID()
  try {
    for (const part of parts) {
      const source = createReadStream(store.path(part.file), { highWaterMark: 256 * 1024 })
      if (whole) source.on('data', (chunk) => whole.update(chunk as Buffer))
      await pipeline(source, createWriteStream(store.path(file), { flags: 'a' }))
    }
    const value = whole?.digest() ?? (algorithm && compositeChecksum(algorithm, parts))
    const checksum = upload.attributes.checksum
    const sums = checksum && value ? { checksum: { ...checksum, value } } : {}
    const etag = `"${md5OfMd5s(parts)}-${parts.length}"`
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    const attributes = { headers: upload.attributes.headers, ...sums }
    uploadOf(store, s3)
    store.put(s3.bucket, { key: s3.key, file, size, etag, modified: Date.now(), attributes }, s3.headers)
    store.uploads.delete(upload.id)
    store.discard(stored.map((part) => part.file))
    const sumField = checksum && value ? { [`Checksum${checksum.algorithm.toUpperCase()}`]: value } : {}
    const fields = {
      Location: `/${s3.bucket}/${s3.key}`,
      Bucket: s3.bucket,
      Key: s3.key,
      ETag: etag,
      ...sumField,
    }
    return element('CompleteMultipartUploadResult', fields, namespace)
  } catch (error) {
    await unlink(store.path(file))
    throw error
  }
}

function chosenParts(list: string, stored: readonly Part[]): readonly Part[] {
  const chosen = elements(list, 'Part').map((xml) => {
    const part = stored.find(({ number }) => number === Number(textOf(xml, 'PartNumber')))
    const etag = textOf(xml, 'ETag')?.replaceAll('"', '')
    if (part === undefined || part.md5 !== etag) {
      throw new S3Error('InvalidPart', 400, 'One or more of the specified parts could not be found.')
    }
    return part
  })
  if (chosen.length === 0) throw new S3Error('MalformedXML', 400, 'The XML you provided was not well-formed')
  chosen.forEach((part, index) => {
    if (part.number <= (chosen[index - 1]?.number ?? 0)) {
      throw new S3Error('InvalidPartOrder', 400, 'The list of parts was not in ascending order.')
    }
    if (part.size < minPartBytes && index < chosen.length - 1) {
      throw new S3Error(
        'EntityTooSmall',
        400,
        'Your proposed upload is smaller than the minimum allowed size',
      )
    }
  })
  return chosen
}

const md5OfMd5s = (parts: readonly Part[]): string =>
  createHash('md5')
    .update(Buffer.concat(parts.map(({ md5 }) => Buffer.from(md5, 'hex'))))
    .digest('hex')

function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly Part[]): string | undefined {
  const values = parts.flatMap(({ checksum }) => (checksum === null ? [] : [checksum]))
  if (values.length < parts.length) return undefined
  const sum = startChecksum(algorithm)
  for (const value of values) sum.update(Buffer.from(value, 'base64'))
  return `${sum.digest()}-${parts.length}`
}
