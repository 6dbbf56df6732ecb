import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  NoSuchKey,
  S3ServiceException,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { StoredObject } from '../lambdas/shared/domain/decision-log/verify-object.ts'

/** Versions of one key: the first is the one that Object Lock keeps. */
export interface Versions {
  readonly key: string
  readonly first: { readonly version: string; readonly size: number } | undefined
  readonly later: StoredObject['later']
}

/** One object, which may be absent; of one with more than `most` bytes the beginning. */
export async function readObject(
  client: S3Client,
  bucket: string,
  key: string,
  most = Infinity,
): Promise<StoredObject> {
  // S3 refuses to look for such names, so there is nothing.
  const isKey = key !== '' && Buffer.byteLength(key) <= 1024
  const listed = isKey ? await listVersions(client, bucket, key) : []
  const versions = listed.find((one) => one.key === key) ?? { key, first: undefined, later: [] }
  return readVersions(client, bucket, versions, most)
}

export async function listVersions(client: S3Client, bucket: string, prefix: string): Promise<Versions[]> {
  const found = new Map<string, { versions: Listed[]; markers: Listed[] }>()
  const of = (key: string) => {
    const there = found.get(key) ?? { versions: [], markers: [] }
    found.set(key, there)
    return there
  }
  let next: Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> | undefined = {}
  while (next !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        ...(next.NextKeyMarker && { KeyMarker: next.NextKeyMarker }),
        ...(next.NextVersionIdMarker && { VersionIdMarker: next.NextVersionIdMarker }),
      }),
    )
    for (const { Key = '', VersionId: version = 'null', LastModified, Size: size = 0 } of page.Versions ?? [])
      of(Key).versions.push({ version, size, at: LastModified?.toISOString() ?? '' })
    for (const { Key = '', VersionId: version = 'null', LastModified } of page.DeleteMarkers ?? [])
      of(Key).markers.push({ version, size: 0, at: LastModified?.toISOString() ?? '' })
    next = page.IsTruncated ? page : undefined
  }
  return [...found].map(([key, { versions, markers }]) => {
    // S3 lists the newest version of a key first.
    const [first, ...rest] = versions.toReversed()
    const later = [
      ...rest.map(({ version, at }) => ({ version, at, isDeleteMarker: false })),
      ...markers.map(({ version, at }) => ({ version, at, isDeleteMarker: true })),
    ]
    return { key, first, later }
  })
}

interface Listed {
  readonly version: string
  readonly size: number
  readonly at: string
}

/** The first version; of one with more than `most` bytes the beginning. */
export async function readVersions(
  client: S3Client,
  bucket: string,
  { key, first, later }: Versions,
  most = Infinity,
): Promise<StoredObject> {
  if (first === undefined) return { key, locked: false, later }
  try {
    const version = first.version === 'null' ? {} : { VersionId: first.version }
    const range = first.size > most ? { Range: `bytes=0-${most - 1}` } : {}
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...version, ...range }))
    const content = await answer.Body?.transformToByteArray()
    return { key, content: content ?? new Uint8Array(), locked: answer.ObjectLockMode !== undefined, later }
  } catch (error) {
    // Gone since it was listed.
    if (error instanceof NoSuchKey) return { key, locked: false, later }
    // Under a key of its own, which Lockgate never gives: whoever put it there can read it, and nobody else.
    if (error instanceof S3ServiceException && error.name === 'InvalidRequest')
      return { key, locked: false, later, unreadable: error.message }
    throw error
  }
}
