import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  NoSuchKey,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { StoredObject } from '../lambdas/shared/domain/decision-log/verify-object.ts'

/** Versions of one key: the first is the one that Object Lock keeps. */
export interface Versions {
  readonly key: string
  readonly first: string | undefined
  readonly later: StoredObject['later']
}

/** One object, which may be absent. */
export async function readObject(client: S3Client, bucket: string, key: string): Promise<StoredObject> {
  const versions = (await listVersions(client, bucket, key)).find((one) => one.key === key)
  return readVersions(client, bucket, versions ?? { key, first: undefined, later: [] })
}

export async function listVersions(client: S3Client, bucket: string, prefix: string): Promise<Versions[]> {
  const found = new Map<string, { versions: [string, string][]; markers: [string, string][] }>()
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
    for (const { Key = '', VersionId = 'null', LastModified } of page.Versions ?? [])
      of(Key).versions.push([VersionId, LastModified?.toISOString() ?? ''])
    for (const { Key = '', VersionId = 'null', LastModified } of page.DeleteMarkers ?? [])
      of(Key).markers.push([VersionId, LastModified?.toISOString() ?? ''])
    next = page.IsTruncated ? page : undefined
  }
  return [...found].map(([key, { versions, markers }]) => {
    // S3 lists the newest version of a key first.
    const [first, ...rest] = versions.toReversed()
    const later = [
      ...rest.map(([version, at]) => ({ version, at, isDeleteMarker: false })),
      ...markers.map(([version, at]) => ({ version, at, isDeleteMarker: true })),
    ]
    return { key, first: first?.[0], later }
  })
}

/** The first version. */
export async function readVersions(
  client: S3Client,
  bucket: string,
  { key, first, later }: Versions,
): Promise<StoredObject> {
  if (first === undefined) return { key, locked: false, later }
  try {
    const version = first === 'null' ? {} : { VersionId: first }
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...version }))
    const content = await answer.Body?.transformToByteArray()
    return { key, content: content ?? new Uint8Array(), locked: answer.ObjectLockMode !== undefined, later }
  } catch (error) {
    // Gone since it was listed.
    if (error instanceof NoSuchKey) return { key, locked: false, later }
    throw error
  }
}
