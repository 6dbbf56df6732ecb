import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { withRefunds } from '../../../lambdas/shared/handler/retry-quota.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** A client of a table that answers with these errors, one after the other and over again. */
async function clientOf(...errors: readonly (readonly [status: number, type: string])[]) {
  let tries = 0
  server = createServer((request, response) => {
    const [status, type] = errors[tries++ % errors.length] ?? []
    request.resume().on('end', () => response.writeHead(status ?? 200).end(JSON.stringify({ __type: type })))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  })
  return withRefunds(client)
}

const failed = [500, 'InternalServerError'] as const
const refused = [400, 'ConditionalCheckFailedException'] as const
const write = new PutItemCommand({ TableName: 'places', Item: { pk: { S: '1' } } })

test('a write whose answer is lost, and whose repeat is refused, does not use up the quota of retries', async () => {
  const client = await clientOf(failed, refused)
  // 36 of them would.
  for (let i = 0; i < 60; i += 1) {
    const outcome = client.send(write)
    await expect(outcome, `write ${i}`).rejects.toMatchObject({
      name: refused[1],
      $metadata: { attempts: 2 },
    })
  }
})

test('an outage does', async () => {
  const client = await clientOf(failed)
  const attempts = async () => {
    const error: unknown = await client.send(write).catch((caught: unknown) => caught)
    return (error as { $metadata: { attempts: number } }).$metadata.attempts
  }
  expect(await attempts()).toBe(4)
  for (let i = 0; i < 11; i += 1) await attempts()
  expect(await attempts()).toBe(1)
})
