import { createReadStream } from 'node:fs'
import {
  DeleteObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { SourceFile } from './source-files.ts'

/** Makes these files all that is under the prefix. Answers how many objects were there before and are gone. */
export async function uploadSources(
  s3: S3Client,
  bucket: string,
  prefix: string,
  files: readonly SourceFile[],
): Promise<number> {
  for (const { path, key, bytes } of files) {
    const Body = bytes === 0 ? '' : createReadStream(path)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: bytes }))
  }
  const wanted = new Set(files.map(({ key }) => key))
  const gone: string[] = []
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    gone.push(
      ...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined || wanted.has(Key) ? [] : [Key])),
    )
  }
  for (const key of gone) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
  return gone.length
}
