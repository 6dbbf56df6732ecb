import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Credentials } from '../lambda/environment.ts'
import type { Ports } from '../states/ports.ts'

interface ObjectSurroundings {
  readonly endpoint: string
  readonly region: string
  readonly credentials: (roleArn: string) => Credentials
}

/** Step Functions does not fail a Map for a call to S3 that failed a few times. */
const maxAttempts = 10

/** Objects that a Map reads and writes, with the credentials of the state machine's role. */
export function objectPorts({
  endpoint,
  region,
  credentials,
}: ObjectSurroundings): Pick<Ports, 'readObject' | 'writeObject'> {
  const clients = new Map<string, S3Client>()
  const clientOf = (roleArn: string): S3Client => {
    const client =
      clients.get(roleArn) ??
      new S3Client({ endpoint, region, credentials: credentials(roleArn), maxAttempts })
    clients.set(roleArn, client)
    return client
  }
  return {
    async *readObject({ bucket, key, callerRoleArn }) {
      const client = clientOf(callerRoleArn)
      let at = 0
      let size: number | undefined
      let pin: { IfMatch?: string } = {}
      for (let broken = 0; ;) {
        const from = { Bucket: bucket, Key: key, ...pin, ...(at > 0 && { Range: `bytes=${at}-` }) }
        const { Body, ETag, ContentLength } = await asState('S3', () =>
          client.send(new GetObjectCommand(from)),
        )
        if (ETag !== undefined) pin = { IfMatch: ETag }
        size ??= ContentLength
        try {
          for await (const part of (Body ?? []) as AsyncIterable<Uint8Array>) {
            at += part.length
            yield part
          }
          return
        } catch (error) {
          // The SDK's retries end with the head of an answer: a body that breaks off is taken up where it did.
          broken += 1
          if (at === size) return
          if (broken === maxAttempts) throw error
        }
      }
    },
    async writeObject({ bucket, key, callerRoleArn, body, contentType }) {
      const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType })
      await asState('S3', () => clientOf(callerRoleArn).send(command))
    },
  }
}

/** Errors of a service get the prefix that Step Functions gives them. */
async function asState<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    const { name, message } = cause as Error
    throw Object.assign(new Error(message, { cause }), { name: `${service}.${name}` })
  }
}
