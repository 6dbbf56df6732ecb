import { S3Client } from '@aws-sdk/client-s3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BucketStore } from '../../local/services/s3/bucket-store.ts'
import { s3Service } from '../../local/services/s3/service.ts'
import { loopback, servedAlone } from './loopback.ts'

/** The local S3 on its own, which knows conditional writes, with one bucket and no permissions to ask for. */
export async function startObjects(bucket: string): Promise<{ client: S3Client; stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'lockgate-objects-'))
  const store = new BucketStore(directory)
  store.index.createBucket(bucket)
  const server = await loopback(servedAlone(s3Service(store)))
  const client = new S3Client({ ...server.settings, forcePathStyle: true })
  return {
    client,
    async stop() {
      client.destroy()
      await server.stop()
      store.close()
      rmSync(directory, { recursive: true })
    },
  }
}
