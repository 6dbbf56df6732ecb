import { createHmac } from 'node:crypto'
import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms'
import type { HashText } from '../domain/mapping/owned-fields.ts'
import type { PiiHasher } from '../ports/pii-hasher.ts'

/** What the KMS key signs to derive the hashing key. A change of it changes every hash in every target. */
const derivation = 'lockgate/pii-hash/1'

/** Derives the hashing key once per process from a KMS HMAC key, which never leaves KMS. */
export function kmsPiiHasher(client: KMSClient, keyId: () => string): PiiHasher {
  let prepared: Promise<HashText> | undefined

  async function derive(): Promise<HashText> {
    const command = new GenerateMacCommand({
      KeyId: keyId(),
      MacAlgorithm: 'HMAC_SHA_256',
      Message: Buffer.from(derivation),
    })
    const { Mac } = await client.send(command)
    if (!Mac) throw new Error('KMS answered without a MAC')
    return (text) => createHmac('sha256', Mac).update(text).digest('hex')
  }

  return {
    prepare: () => {
      prepared ??= derive().catch((error: unknown) => {
        // A failure is not kept: the next attempt asks again.
        prepared = undefined
        throw error
      })
      return prepared
    },
  }
}
