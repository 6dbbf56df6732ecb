import type { IncomingHttpHeaders } from 'node:http'
import { noSuchKey, notImplemented, preconditionFailed } from './errors.ts'
import type { StoredObject } from './object-index.ts'

const named = (header: string, etag: string): boolean =>
  header.split(',').some((one) => one.trim() === '*' || bare(one) === bare(etag))

const bare = (etag: string): string => etag.trim().replace(/^"|"$/g, '')

/** The conditions of a write: absent (`If-None-Match: *`), or still the one with that ETag (`If-Match`). */
export function checkWrite(
  headers: IncomingHttpHeaders,
  key: string,
  existing: StoredObject | undefined,
): void {
  const match = headers['if-match']
  const noneMatch = headers['if-none-match']
  if (noneMatch !== undefined && noneMatch !== '*')
    throw notImplemented(`If-None-Match: ${noneMatch} on a write`)
  if (noneMatch === '*' && existing) throw preconditionFailed('If-None-Match')
  if (match === undefined) return
  if (existing === undefined) throw noSuchKey(key)
  if (!named(match, existing.etag)) throw preconditionFailed('If-Match')
}

/** The conditions of a read, in the order of RFC 9110. Returns true for 304 Not Modified. */
export function isNotModified(headers: IncomingHttpHeaders, object: StoredObject): boolean {
  const seconds = Math.floor(object.modified / 1000) * 1000
  const match = headers['if-match']
  const noneMatch = headers['if-none-match']
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '')
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '')
  if (match !== undefined && !named(match, object.etag)) throw preconditionFailed('If-Match')
  if (match === undefined && seconds > unmodifiedSince) throw preconditionFailed('If-Unmodified-Since')
  if (noneMatch !== undefined) return named(noneMatch, object.etag)
  return seconds <= modifiedSince
}
