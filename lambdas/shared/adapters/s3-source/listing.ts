import { NoSuchBucket, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { LockgateError } from '../../contract/errors.ts'
import type { ListedObject } from '../../domain/source-change.ts'
import type { Bucket } from './pinned-object.ts'

/** What lies under a prefix, empty objects included, folder markers not, in order of the keys' bytes. */
export async function listPrefix(at: Bucket, prefix: string): Promise<ListedObject[]> {
  const found = await Array.fromAsync(listed(at, prefix))
  return found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
}

/** Reads a page at most, unless that holds folder markers only. @throws SourceMissing. */
export async function requireAny(at: Bucket, prefix: string): Promise<void> {
  const { done } = await listed(at, prefix).next()
  if (done) throw nothingUnder(at, prefix)
}

export function nothingUnder({ bucket }: Bucket, prefix: string): LockgateError {
  const message = `Nothing lies under s3://${bucket}/${prefix}. Upload the export there, or mend the prefix.`
  return new LockgateError('SourceMissing', message)
}

export const hasContent = ({ size }: ListedObject): boolean => size > 0

async function* listed({ s3, bucket }: Bucket, prefix: string): AsyncGenerator<ListedObject> {
  try {
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key: key = '', Size: size = 0, ETag: etag = '' } of page.Contents ?? []) {
        if (!key.endsWith('/')) yield { key, size, etag }
      }
    }
  } catch (cause) {
    if (!(cause instanceof NoSuchBucket)) throw cause
    const message = `There is no bucket ${bucket}. Create it, or correct "sources" in cdk.json, and deploy.`
    throw new LockgateError('SourceMissing', message, { cause })
  }
}
