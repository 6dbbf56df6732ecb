import { KMSClient } from '@aws-sdk/client-kms'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { targetOf } from '../../local/services/calls.ts'
import { KeyStore } from '../../local/services/kms/key-store.ts'
import { kmsService } from '../../local/services/kms/service.ts'

const key = {
  id: 'log-key',
  arn: 'arn:aws:kms:eu-west-1:000000000000:key/log-key',
  spec: 'ECC_NIST_P256',
  usage: 'SIGN_VERIFY',
  aliases: [],
  policy: [],
}

/** The local KMS on its own, with one key that signs. */
export async function startKms(): Promise<{
  readonly client: KMSClient
  readonly keyId: string
  readonly publicKey: KeyObject
  stop(): Promise<void>
}> {
  const directory = mkdtempSync(join(tmpdir(), 'lockgate-kms-'))
  const store = new KeyStore(directory)
  const serve = kmsService([key], store)
  const allowed = { roleArn: undefined, permit: () => undefined, permitAction: () => undefined }
  const server = createServer((request, response) => {
    serve({ request, response, url: targetOf(request), ...allowed }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new KMSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  })
  return {
    client,
    keyId: key.arn,
    publicKey: createPublicKey(store.privateKey(key)),
    async stop() {
      client.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      rmSync(directory, { recursive: true })
    },
  }
}
