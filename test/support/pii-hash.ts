import { createHmac } from 'node:crypto'
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms'
import type { System } from '../../local/system.ts'
import { operatorOf } from './places-table.ts'

/** What the target of a local system has of a text that is classified `pii: 'hash'`, worked out with its own key. */
export async function piiHash({ assembly, endpoint }: System): Promise<(text: string) => string> {
  const key = assembly.keys.find(({ usage }) => usage === 'GENERATE_VERIFY_MAC')
  const command = new GenerateMacCommand({
    KeyId: key?.id,
    MacAlgorithm: 'HMAC_SHA_256',
    Message: Buffer.from('lockgate/pii-hash/1'),
  })
  const { Mac } = await new KMSClient(operatorOf(endpoint)).send(command)
  if (!Mac) throw new Error('KMS answered without a MAC')
  return (text) => createHmac('sha256', Mac).update(`"${text}"`).digest('hex')
}
