import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDisturbance, type Disturbance } from '../../../../local/faults/disturbance.ts'
import { faultPlan, type FaultOptions, type PlannedFault } from '../../../../local/faults/fault-plan.ts'
import type { Store } from '../../../../local/faults/kinds.ts'
import { roleKeyId } from '../../../../local/services/access-key.ts'
import { clientOf, role, start } from '../services/fixtures.ts'

const content = 'x'.repeat(1000)
let served = 0
let store: Server
let disturbance: Disturbance | undefined
let port = 0

/** A store that answers every call with success. */
beforeEach(async () => {
  served = 0
  store = createServer((request, response) => {
    request.resume().on('end', () => {
      served += 1
      const isRead = request.method === 'GET'
      response.end(isRead ? content : request.headers['x-amz-target'] ? '{"TableNames":[]}' : '')
    })
  })
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
  port = (store.address() as AddressInfo).port
})
afterEach(async () => {
  await disturbance?.close()
  store.closeAllConnections()
  store.close()
})

const keyOf = { role: roleKeyId('000000000001'), operator: 'operator' }

async function open(which: Store, caller: keyof typeof keyOf, options: FaultOptions) {
  disturbance = await startDisturbance({ store: which, to: port, port: 0 }, options)
  const settings = {
    endpoint: `http://127.0.0.1:${disturbance.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: keyOf[caller], secretAccessKey: 'secret' },
    maxAttempts: 1,
  }
  const s3 = new S3Client({ ...settings, forcePathStyle: true })
  const dynamodb = new DynamoDBClient(settings)
  const at = { Bucket: 'staging', Key: 'a' }
  return {
    read: async () => (await s3.send(new GetObjectCommand(at))).Body?.transformToString(),
    write: () => s3.send(new PutObjectCommand({ ...at, Body: content })),
    list: () => dynamodb.send(new ListTablesCommand({})),
  }
}

/** How an SDK client sees a planned fault. */
const seen = ({ fault }: PlannedFault) =>
  typeof fault === 'string'
    ? { code: 'ECONNRESET' }
    : { name: fault.name, $metadata: { httpStatusCode: fault.statusCode } }

test.each([
  ['s3', 'read'],
  ['s3', 'write'],
  ['dynamodb', 'list'],
] as const)('each call of %s to %s fails as planned, and takes effect as planned', async (which, call) => {
  const options = { share: 1, seed: 3 }
  const client = await open(which, 'role', options)
  const next = faultPlan(options, which)
  for (let i = 0; i < 60; i += 1) {
    const planned = next()
    if (!planned) throw new Error('a fault is due for each call')
    const before = served
    await expect(client[call](), JSON.stringify(planned)).rejects.toMatchObject(seen(planned))
    expect(served - before, JSON.stringify(planned)).toBe(planned.when === 'after' ? 1 : 0)
  }
  expect(disturbance?.counts()).toEqual({ calls: 60, failed: 60 })
})

test('a body is cut in its middle', async () => {
  await open('s3', 'role', { share: 1, seed: 3 })
  const next = faultPlan({ share: 1, seed: 3 }, 's3')
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${keyOf.role}/20260101/us-east-1/s3/aws4_request`,
  }
  const lengths: number[] = []
  for (let i = 0; i < 30; i += 1) {
    const isCut = next()?.fault === 'cut'
    const asked = fetch(`http://127.0.0.1:${disturbance?.port}/staging/a`, { headers })
    if (!isCut) {
      await asked.catch(() => undefined)
      continue
    }
    let length = 0
    const reading = (async () => {
      const body = (await asked).body as AsyncIterable<Uint8Array>
      for await (const part of body) length += part.length
    })()
    await expect(reading).rejects.toThrow()
    lengths.push(length)
  }
  expect(new Set(lengths)).toEqual(new Set([500]))
})

test('neither the operator nor another service is disturbed', async () => {
  const operator = await open('s3', 'operator', { share: 1, seed: 3 })
  expect(await operator.read()).toBe(content)
  await disturbance?.close()
  const role = await open('s3', 'role', { share: 1, seed: 3 })
  await role.list()
  expect(disturbance?.counts()).toEqual({ calls: 0, failed: 0 })
})

test('a share of the calls fails, and the others succeed', async () => {
  const { read } = await open('s3', 'role', { share: 0.2, seed: 3 })
  const outcomes = await Promise.allSettled(Array.from({ length: 300 }, read))
  const failed = outcomes.filter(({ status }) => status === 'rejected').length
  expect(disturbance?.counts()).toEqual({ calls: 300, failed })
  expect(failed).toBeGreaterThan(35)
  expect(failed).toBeLessThan(85)
})

test('the services put it before the stores when asked to', async () => {
  const services = await start({ faults: { share: 1, seed: 3 } })
  try {
    const bucket = { Bucket: 'staging', Key: 'a' }
    const own = new S3Client({ ...clientOf(services, role.arn), forcePathStyle: true })
    const write = () => own.send(new PutObjectCommand({ ...bucket, Body: content }))
    for (let i = 0; i < 12; i += 1) await expect(write()).rejects.toThrow()
    const settings = { ...clientOf(services, role.arn), endpoint: services.dynamodbEndpoint }
    await expect(new DynamoDBClient(settings).send(new ListTablesCommand({}))).rejects.toThrow()
    expect(services.faults()).toEqual({ calls: 13, failed: 13 })

    const operator = new S3Client({ ...clientOf(services), forcePathStyle: true })
    const { Body } = await operator.send(new GetObjectCommand(bucket))
    expect(await Body?.transformToString()).toBe(content)
  } finally {
    await services.close()
  }
})
