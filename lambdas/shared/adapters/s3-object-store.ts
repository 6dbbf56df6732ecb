import {
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { ObjectStore } from '../ports/object-store.ts'
import { isTransient } from './transient.ts'

/** Another writer has, or is about to have, created the object: 412 when it is there, 409 while it is written. */
const takenStatus = 412
const contendedStatus = 409
const unsatisfiableRange = 416
const contentions = 10
/** A body that breaks off this often in a row is not coming. */
const bodyTries = 6

/** Objects of one bucket. The SDK's checksums guard what is sent and what is read. */
export function s3ObjectStore(client: S3Client, bucket: string): ObjectStore {
  return {
    bucket,

    async put(key, content) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }))
    },

    async create(key, content) {
      for (let tries = 1; ; tries += 1) {
        try {
          await client.send(
            new PutObjectCommand({
              ...{ Bucket: bucket, Key: key, Body: content, IfNoneMatch: '*' },
              ...(key.endsWith('.html') && { ContentType: 'text/html; charset=utf-8' }),
            }),
          )
          return 'created'
        } catch (error) {
          const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
          if (status === takenStatus) return 'exists'
          // The other writer may still fail, and then nothing is there: only another try can tell.
          if (status !== contendedStatus || tries === contentions) throw error
        }
      }
    },

    async get(key, range) {
      if (range && range.start >= range.end) return new Uint8Array()
      const Range = range && `bytes=${range.start}-${range.end - 1}`
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...(Range && { Range }) })
      for (let tries = 1; ; tries += 1) {
        const answer = await client.send(command).catch(noBytes)
        if (answer === 'absent') return undefined
        if (answer === 'beyond') return new Uint8Array()
        try {
          return await answer.Body?.transformToByteArray()
        } catch (error) {
          // The SDK has repeated what it could by now: a body that breaks off is for its reader to ask for again.
          if (!isTransient(error) || tries === bodyTries) throw error
        }
      }
    },

    async *list(prefix) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key
      }
    },
  }
}

/** What S3 answers where there is nothing to read: no such object, or a range that begins behind its end. */
function noBytes(error: unknown): 'absent' | 'beyond' {
  if (error instanceof NoSuchKey) return 'absent'
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
  if (status === unsatisfiableRange) return 'beyond'
  throw error
}
