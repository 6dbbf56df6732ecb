import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { buffer } from 'node:stream/consumers'
import pMap from 'p-map'
import { LockgateError } from '../../contract/errors.ts'
import type { SourceSpec } from '../../domain/definition/source.ts'
import { headBytes, readHead, requireSameNames } from '../../domain/delimited/object-head.ts'
import type { SourceObject } from '../../domain/manifest.ts'
import { gunzipHead } from './gunzip.ts'
import { asSourceChanged, readableBody, readPinned, type Bucket } from './pinned-object.ts'

const headsAtOnce = 16

/** All objects under the prefix, pinned, each with its names. Empty ones and folder markers are left out. */
export async function takeInventory(
  at: Bucket,
  spec: SourceSpec,
  gzipBytes: number,
): Promise<SourceObject[]> {
  const keys = await listKeys(at, spec, gzipBytes)
  const found = await pMap(keys, (key) => pinObject(at, spec, key), { concurrency: headsAtOnce })
  const objects = found.filter((object) => object !== undefined)
  if (objects.length === 0) {
    throw new LockgateError(
      'SourceMissing',
      `No object with content lies under s3://${at.bucket}/${spec.prefix}. Upload the export there, or mend the prefix.`,
    )
  }
  requireSameNames(objects)
  return objects
}

async function listKeys({ s3, bucket }: Bucket, spec: SourceSpec, gzipBytes: number): Promise<string[]> {
  const keys: string[] = []
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: spec.prefix })) {
    for (const { Key: key = '', Size: size = 0 } of page.Contents ?? []) {
      if (size === 0 || key.endsWith('/')) continue
      if (isGzip(key) && size > gzipBytes) throw gzipTooLarge(key, `has ${size} bytes`, gzipBytes)
      keys.push(key)
    }
  }
  return keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** One request gives head, size, ETag and version together, so that they belong to the same content. */
async function pinObject(at: Bucket, spec: SourceSpec, key: string): Promise<SourceObject | undefined> {
  const command = new GetObjectCommand({ Bucket: at.bucket, Key: key, Range: `bytes=0-${headBytes - 1}` })
  const answer = await at.s3.send(command).catch((error: unknown) => {
    throw asSourceChanged(error, key)
  })
  const size = Number(answer.ContentRange?.split('/').at(-1) ?? answer.ContentLength)
  // A bucket whose versioning was never on, or is suspended, calls the content "null" and may replace it.
  const isVersioned = answer.VersionId !== undefined && answer.VersionId !== 'null'
  const pin = { key, etag: answer.ETag ?? '', ...(isVersioned ? { version: answer.VersionId } : {}) }
  const length = Math.min(size, headBytes)
  // A body that breaks off here is read again, as readPinned does it.
  const bytes = await buffer(readableBody(answer)).catch(() => buffer(readPinned(at, pin, 0, length)))
  const gzip = isGzip(key)
  const head = readHead(spec, key, gzip ? gunzipHead(bytes, key) : bytes, length === size)
  return head && { ...pin, size, gzip, ...head }
}

function isGzip(key: string): boolean {
  return key.toLowerCase().endsWith('.gz')
}

export function gzipTooLarge(key: string, what: string, limit: number): LockgateError {
  return new LockgateError(
    'GzipTooLarge',
    `${key} ${what}, and gzip cannot be read in parts beyond ${limit}. Export it without gzip, or in smaller objects.`,
  )
}
