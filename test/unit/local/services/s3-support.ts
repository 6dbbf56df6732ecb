import * as s3 from '@aws-sdk/client-s3'
import type { Services } from '../../../../local/services/services.ts'
import { clientOf, start } from './fixtures.ts'

export const Bucket = 'staging'

type PutOptions = Omit<Partial<s3.PutObjectCommandInput>, 'Body' | 'Bucket' | 'Key'>

/** A running S3 and the calls that most tests make of it. */
export async function startS3() {
  const services: Services = await start()
  const client = new s3.S3Client(clientOf(services))
  return {
    client,
    close: () => services.close(),
    put: (Key: string, Body: NonNullable<s3.PutObjectCommandInput['Body']>, more: PutOptions = {}) =>
      client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more })),
    get: (Key: string, more: Partial<s3.GetObjectCommandInput> = {}) =>
      client.send(new s3.GetObjectCommand({ Bucket, Key, ...more })),
  }
}

/** `<error name> <status>`, or `no error`. */
export const nameOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: Error & { $metadata?: { httpStatusCode?: number } }) =>
      `${error.name} ${error.$metadata?.httpStatusCode}`,
  )

export async function bytesOf(response: Promise<s3.GetObjectCommandOutput>): Promise<Buffer> {
  return Buffer.from((await (await response).Body?.transformToByteArray()) ?? [])
}
