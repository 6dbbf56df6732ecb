import { KMSClient } from '@aws-sdk/client-kms'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeyStore } from '../../local/services/kms/key-store.ts'
import { kmsService } from '../../local/services/kms/service.ts'
import { loopback, servedAlone } from './loopback.ts'

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
  const server = await loopback(servedAlone(kmsService([key], store)))
  const client = new KMSClient(server.settings)
  return {
    client,
    keyId: key.arn,
    publicKey: createPublicKey(store.privateKey(key)),
    async stop() {
      client.destroy()
      await server.stop()
      rmSync(directory, { recursive: true })
    },
  }
}
