import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { dynamoDb } from '#lockgate'
import { dynamoDbCheckpointStore } from '../../lambdas/shared/adapters/dynamodb-checkpoint-store/checkpoint-store.ts'
import { dynamoDbGateStore } from '../../lambdas/shared/adapters/dynamodb-gate-store/gate-store.ts'
import { dynamoDbRunStore } from '../../lambdas/shared/adapters/dynamodb-run-store/run-store.ts'
import { dynamoDbTarget } from '../../lambdas/shared/adapters/dynamodb-target/target.ts'
import type { BatchId, CheckpointStore, Claim } from '../../lambdas/shared/ports/checkpoint-store.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { decisionOf, openGate, pilotRecord } from '../support/store-contents.ts'

/**
 * A request whose answer was lost may still be on its way when the one that repeated it has long been answered, and
 * others after it. Whenever it arrives, it must change nothing.
 */
let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

test.each([
  ['in their order', (writes: readonly Write[]) => writes],
  ['the latest first', (writes: readonly Write[]) => writes.toReversed()],
])('writes that arrive once more after each later one, %s, change nothing', async (_, ordered) => {
  const plain = await lifeOf(() => [])
  let repeats = 0
  const disturbed = await lifeOf((writes) => {
    repeats += writes.length
    return ordered(writes)
  })
  expect(repeats).toBeGreaterThan(300)
  expect(plain).toHaveLength(7)
  expect(disturbed).toEqual(plain)
})

/** Sends a write once more. */
type Write = () => Promise<void>

/** What a table holds after a run and the next one; after each step, the writes that `repeat` names come once more. */
async function lifeOf(repeat: (writes: readonly Write[]) => readonly Write[]): Promise<unknown[]> {
  const table = await server.table()
  const writes: Write[] = []
  const client = new DynamoDBClient({
    endpoint: server.client.config.endpoint ?? '',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  })
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (/^(Put|Update)/.test(commandName)) writes.push(async () => void (await next(args).catch(refused)))
        return next(args)
      },
    { step: 'deserialize', name: 'remember', priority: 'high' },
  )
  for (const step of steps(client, table)) {
    await step()
    for (const write of repeat([...writes])) await write()
  }
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table }))
  client.destroy()
  return Items.map(({ write: _name, ...item }) => item)
}

function refused(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined
  throw error
}

function steps(client: DynamoDBClient, table: string): (() => Promise<unknown>)[] {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
  const runs = dynamoDbRunStore(documents, table)
  const gates = dynamoDbGateStore(documents, table)
  const checkpoints = dynamoDbCheckpointStore(documents, table)
  const segment = { target: places, map: { pk: 'pk', sk: 'sk', size: 'size' } }
  const target = dynamoDbTarget({ client, table, segment, clock: new FakeClock() })

  const stage = { migration: 'm', segment: 'cities', stage: 'pilot' }
  const stageIs = (status: 'running' | 'judged' | 'passed', token: number) => () =>
    runs.updateStage(stage, token, () => ({ ...pilotRecord, status }))
  const batch: BatchId = { migration: 'm', segment: 'cities', manifest: 'm1', batch: '000001' }
  const claim = (step: Claim['step'], lockToken: number) => () =>
    checkpoints.claim({ ...batch, step, lockToken, fingerprint: 'f'.repeat(64) })
  const save = (change: Partial<Parameters<CheckpointStore['save']>[1]>) => async () => {
    const found = await checkpoints.get(batch)
    if (found) await checkpoints.save(batch, { ...found, ...change })
  }
  const decide = (address: string) => () =>
    gates.updateGate(openGate.id, (gate) => ({
      ...gate,
      decisions: [...gate.decisions, decisionOf(address)],
    }))
  const write = (from: number | undefined, to: number) => () => {
    const key = { pk: 'T#1', sk: 'x' }
    const expected = from === undefined ? undefined : { ...key, size: from }
    return target.write([{ key, expected, after: { ...key, size: to } }])
  }
  const hash = 'c'.repeat(64)
  const link = {
    hash,
    gate: openGate.id,
    opening: 1,
    address: 'a@example.com',
    role: 'steward',
    expiresAt: 1,
  }

  return [
    () => runs.takeLock('m', 'arn:1', undefined),
    () => runs.joinLock('m', 1, 'arn:stage'),
    stageIs('running', 1),
    claim('extract', 1),
    save({ progress: { chunk: 1, byte: 5, line: 2 } }),
    save({ state: 'extracted', progress: { chunk: 0 } }),
    claim('transform', 1),
    save({ state: 'transformed' }),
    () => checkpoints.sendBack({ ...batch, to: 'extracted', lockToken: 1, duplicates: 2 }),
    stageIs('judged', 1),
    () => gates.createGate(openGate),
    () => gates.saveCapability(link),
    decide('a@example.com'),
    decide('b@example.com'),
    () => gates.updateGate(openGate.id, (gate) => ({ ...gate, status: 'approved' })),
    stageIs('passed', 1),
    write(undefined, 1),
    write(1, 2),
    () => runs.recordFailure('m', { at: '2026-01-01', execution: 'arn:1', status: 'FAILED' }),
    () => runs.releaseLock('m', 1),
    async () => runs.takeLock('m', 'arn:2', await runs.lock('m')),
    () => runs.joinLock('m', 2, 'arn:stage-2'),
    stageIs('running', 2),
    claim('transform', 2),
    save({ state: 'transformed' }),
    write(2, 3),
  ]
}

const places = dynamoDb({
  at: 'places',
  record: z.object({ pk: z.string(), sk: z.string(), size: z.number() }),
  key: ['pk', 'sk'],
})
