import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Credentials } from '../lambda/environment.ts'
import type { Ports } from '../states/ports.ts'

interface ObjectSurroundings {
  readonly endpoint: string
  readonly region: string
  readonly credentials: (roleArn: string) => Credentials
}

/** Objects that a Map reads and writes, with the credentials of the state machine's role. */
export function objectPorts({
  endpoint,
  region,
  credentials,
}: ObjectSurroundings): Pick<Ports, 'readObject' | 'writeObject'> {
  const clients = new Map<string, S3Client>()
  const clientOf = (roleArn: string): S3Client => {
    const client =
      clients.get(roleArn) ?? new S3Client({ endpoint, region, credentials: credentials(roleArn) })
    clients.set(roleArn, client)
    return client
  }
  return {
    async *readObject({ bucket, key, callerRoleArn }) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key })
      const { Body } = await asState('S3', () => clientOf(callerRoleArn).send(command))
      for await (const part of (Body ?? []) as AsyncIterable<Uint8Array>) yield part
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
