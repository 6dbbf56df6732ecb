import { SignCommand, type KMSClient } from '@aws-sdk/client-kms'
import type { Signer } from '../../ports/signer.ts'

/**
 * Signs by an asymmetric KMS key of the curve P-256. The digest is sent, and not the message, of which KMS takes 4,096
 * bytes at most: the signature is the same.
 */
export function kmsSigner(client: KMSClient, keyId: string): Signer {
  return {
    async sign(digest) {
      const command = new SignCommand({
        KeyId: keyId,
        Message: digest,
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      })
      const { Signature, SigningAlgorithm, KeyId } = await client.send(command)
      if (!Signature || SigningAlgorithm === undefined || KeyId === undefined)
        throw new Error('KMS answered without a signature')
      return { signature: Buffer.from(Signature).toString('base64'), algorithm: SigningAlgorithm, key: KeyId }
    },
  }
}
