import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface S3Server {
  readonly s3: S3Client
  readonly put: (key: string, content: string | Uint8Array) => Promise<void>
  readonly remove: (key: string) => Promise<void>
  /** Removes all objects. */
  clear(): void
  stop(): Promise<void>
}

export const testBucket = 'source-bucket'

/** Handles an answer of S3 on its way to the client. */
export type Relay = (asked: IncomingMessage, answer: IncomingMessage, reply: ServerResponse) => void

/** A real HTTP server that speaks S3, with one bucket; `relay` stands between it and the client. */
export async function startS3(relay?: Relay): Promise<S3Server> {
  const server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' })
  const proxy = relay && (await startProxy(server.port, relay))
  const direct = clientFor(server.port)
  const s3 = proxy ? clientFor(proxy.port) : direct
  await direct.send(new CreateBucketCommand({ Bucket: testBucket }))
  return {
    s3,
    async put(key, content) {
      const Body = Buffer.from(content)
      const ContentLength = Body.length
      await direct.send(new PutObjectCommand({ Bucket: testBucket, Key: key, Body, ContentLength }))
    },
    async remove(key) {
      await direct.send(new DeleteObjectCommand({ Bucket: testBucket, Key: key }))
    },
    clear: () => server.emptyBucket(testBucket),
    async stop() {
      direct.destroy()
      s3.destroy()
      proxy?.stop()
      await server.stop()
    },
  }
}

function clientFor(port: number): S3Client {
  return new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
}

async function startProxy(port: number, relay: Relay): Promise<{ port: number; stop(): void }> {
  const proxy = createServer((asked, reply) => {
    const { method, url, headers } = asked
    const forward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) =>
      relay(asked, answer, reply),
    )
    forward.on('error', () => reply.destroy())
    asked.pipe(forward)
  })
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
  return {
    port: (proxy.address() as AddressInfo).port,
    stop: () => {
      proxy.closeAllConnections()
      proxy.close()
    },
  }
}
