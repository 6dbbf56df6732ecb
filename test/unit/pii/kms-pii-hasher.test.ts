import { KMSClient } from '@aws-sdk/client-kms'
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { kmsPiiHasher } from '../../../lambdas/shared/adapters/kms-pii-hasher.ts'

test('the key is derived once, from the HMAC key alone, and a failure is not kept', async () => {
  const client = new KMSClient({ region: 'eu-west-1' })
  const mac = Buffer.alloc(32, 7)
  const asked: unknown[] = []
  const answer = async ({ input }: { input: unknown }) => {
    asked.push(input)
    if (asked.length === 1) throw new Error('not now')
    return { response: {}, output: { Mac: mac, $metadata: {} } }
  }
  client.middlewareStack.add(() => answer, { step: 'initialize', priority: 'high' })
  const hasher = kmsPiiHasher(client, () => 'key-1')

  await expect(hasher.prepare()).rejects.toThrow('not now')
  const hash = await hasher.prepare()
  await hasher.prepare()
  expect(asked).toHaveLength(2)
  expect(asked[1]).toMatchObject({ KeyId: 'key-1', MacAlgorithm: 'HMAC_SHA_256' })
  expect(hash('"me@example.com"')).toBe(createHmac('sha256', mac).update('"me@example.com"').digest('hex'))
})
