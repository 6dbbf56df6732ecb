import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { addAbortSignal, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { LockgateError } from '../../contract/errors.ts'
import type { SourceObject } from '../../domain/manifest.ts'

export interface Bucket {
  readonly s3: S3Client
  readonly bucket: string
  /** Pause before a broken body is taken up again; doubles while no byte arrives. */
  readonly retryPauseMs: number
}

type Pin = Pick<SourceObject, 'key' | 'etag' | 'version'>

/** How often a body that breaks off is taken up again without a single byte arriving. */
const fruitlessAttempts = 5

/**
 * Bytes [start, end) of the pinned object, in the network's chunks. A connection that is cut is taken up at
 * the byte reached. @throws SourceChanged, the signal's reason, or what the SDK threw after its own retries.
 */
export async function* readPinned(
  from: Bucket,
  object: Pin,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  let at = start
  let fruitless = 0
  while (at < end) {
    const body = await openBody(from, object, at, end, signal)
    const begun = at
    let cut: unknown = new Error(`the body of ${object.key} ended early`)
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        at += chunk.length
        yield chunk
      }
    } catch (error) {
      signal?.throwIfAborted()
      cut = error
    }
    if (at >= end) return
    fruitless = at > begun ? 0 : fruitless + 1
    if (fruitless > fruitlessAttempts) throw cut
    await sleep(from.retryPauseMs * 2 ** fruitless, undefined, signal ? { signal } : {})
  }
}

async function openBody(
  { s3, bucket }: Bucket,
  object: Pin,
  at: number,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Readable> {
  const pin = object.version === undefined ? { IfMatch: object.etag } : { VersionId: object.version }
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: object.key,
    Range: `bytes=${at}-${end - 1}`,
    ...pin,
  })
  try {
    const body = readableBody(await s3.send(command, signal ? { abortSignal: signal } : {}))
    // That the SDK's own signal reaches beyond the answer's head is not documented.
    return signal ? addAbortSignal(signal, body) : body
  } catch (error) {
    signal?.throwIfAborted()
    throw asSourceChanged(error, object.key)
  }
}

/** A body that is neither read to its end nor destroyed would keep its connection. */
export function readableBody({ Body: body }: GetObjectCommandOutput): Readable {
  if (body instanceof Readable) return body
  throw new TypeError('the S3 client gave no Node stream; it must use a Node request handler')
}

/** What S3 answers when a pinned object was replaced or deleted; other errors stay themselves. */
export function asSourceChanged(error: unknown, key: string): unknown {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
  const gone = status === 404 && error instanceof S3ServiceException && error.name !== 'NoSuchBucket'
  // 405: the version is a delete marker. 416: the object has become shorter.
  if (!gone && status !== 412 && status !== 405 && status !== 416) return error
  return new LockgateError(
    'SourceChanged',
    `${key} was replaced or deleted after it was planned. Restore it; or, while nothing of the segment is loaded, start the migration again, which plans what is there now.`,
    { cause: error },
  )
}
