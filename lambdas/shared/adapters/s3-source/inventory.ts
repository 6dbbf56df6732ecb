import { GetObjectCommand } from '@aws-sdk/client-s3'
import { buffer } from 'node:stream/consumers'
import pMap from 'p-map'
import { LockgateError } from '../../contract/errors.ts'
import type { SourceSpec } from '../../domain/definition/source.ts'
import { headBytes, readHead } from '../../domain/delimited/object-head.ts'
import { requireNames } from '../../domain/delimited/object-names.ts'
import type { SourceObject } from '../../domain/manifest.ts'
import { gunzipHead } from './gunzip.ts'
import { hasContent, listPrefix, nothingUnder } from './listing.ts'
import { asSourceChanged, readableBody, readPinned, type Bucket } from './pinned-object.ts'

const headsAtOnce = 16

/** All objects under the prefix that have content, pinned, each with its names. */
export async function takeInventory(
  at: Bucket,
  spec: SourceSpec,
  gzipBytes: number,
): Promise<SourceObject[]> {
  const listed = await listPrefix(at, spec.prefix)
  const found = listed.filter(hasContent)
  if (listed.length === 0) throw nothingUnder(at, spec.prefix)
  if (found.length === 0) {
    const place = `s3://${at.bucket}/${spec.prefix}`
    throw new LockgateError('SourceEmpty', `Every object under ${place} is empty. Upload the export again.`)
  }
  for (const { key, size } of found) {
    if (isGzip(key) && size > gzipBytes) throw gzipTooLarge(key, `has ${size} bytes`, gzipBytes)
  }
  const objects = await pMap(found, ({ key }) => pinObject(at, spec, key), { concurrency: headsAtOnce })
  requireNames(spec, objects)
  return objects
}

/** One request gives head, size, ETag and version together, so that they belong to the same content. */
async function pinObject(at: Bucket, spec: SourceSpec, key: string): Promise<SourceObject> {
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
  return { ...pin, size, gzip, ...head }
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
