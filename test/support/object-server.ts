import { S3Client } from '@aws-sdk/client-s3'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { targetOf } from '../../local/services/calls.ts'
import { BucketStore } from '../../local/services/s3/bucket-store.ts'
import { s3Service } from '../../local/services/s3/service.ts'

/** The local S3 on its own, which knows conditional writes, with one bucket and no permissions to ask for. */
export async function startObjects(bucket: string): Promise<{ client: S3Client; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'lockgate-objects-'))
  const store = new BucketStore(directory)
  store.index.createBucket(bucket)
  const serve = s3Service(store)
  const allowed = { roleArn: undefined, permit: () => undefined, permitAction: () => undefined }
  const server = createServer((request, response) => {
    serve({ request, response, url: targetOf(request), ...allowed }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  })
  return {
    client,
    async stop() {
      client.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      store.close()
      rmSync(directory, { recursive: true })
    },
  }
}
