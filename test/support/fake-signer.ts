import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Signer } from '../../lambdas/shared/ports/signer.ts'
import { signDigest } from '../../local/services/kms/sign-digest.ts'

/** A key of its own for each, of the kind that KMS holds. */
export class FakeSigner implements Signer {
  readonly key = 'arn:aws:kms:eu-west-1:000000000000:key/log'
  readonly publicKey: KeyObject
  readonly #privateKey: KeyObject
  signatures = 0

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#privateKey = privateKey
    this.publicKey = publicKey
  }

  async sign(digest: Uint8Array) {
    this.signatures += 1
    const signature = signDigest(digest, this.#privateKey).toString('base64')
    return { signature, algorithm: 'ECDSA_SHA_256', key: this.key }
  }

  /** Of a text, for entries that a test makes by itself. */
  signText(text: string) {
    return this.sign(createHash('sha256').update(text).digest())
  }
}
