import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms'
import { createHmac } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { kmsPiiHasher } from '../../../lambdas/shared/adapters/kms-pii-hasher.ts'

test('the key is derived once, from the HMAC key alone, and a failure is not kept', async () => {
  const client = new KMSClient({ region: 'eu-west-1' })
  const mac = Buffer.alloc(32, 7)
  const send = vi.spyOn(client, 'send')
  send.mockImplementationOnce(() => Promise.reject(new Error('not now')))
  send.mockImplementation(() => Promise.resolve({ Mac: mac }))
  const hasher = kmsPiiHasher(client, () => 'key-1')

  await expect(hasher.prepare()).rejects.toThrow('not now')
  const hash = await hasher.prepare()
  await hasher.prepare()
  expect(send).toHaveBeenCalledTimes(2)
  const command: unknown = send.mock.calls[1]?.[0]
  expect(command).toBeInstanceOf(GenerateMacCommand)
  expect(command).toMatchObject({ input: { KeyId: 'key-1', MacAlgorithm: 'HMAC_SHA_256' } })
  expect(hash('"me@example.com"')).toBe(createHmac('sha256', mac).update('"me@example.com"').digest('hex'))
})
