import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { dynamoDbCheckpointStore } from '../../lambdas/shared/adapters/dynamodb-checkpoint-store/checkpoint-store.ts'
import { dynamoDbGateStore } from '../../lambdas/shared/adapters/dynamodb-gate-store/gate-store.ts'
import { dynamoDbRunStore } from '../../lambdas/shared/adapters/dynamodb-run-store/run-store.ts'
import { dynamoDbTarget } from '../../lambdas/shared/adapters/dynamodb-target/target.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { itemKey, itemSegment } from '../support/item-segment.ts'

/** The server of these tests reads strongly whatever it is asked; so what it is asked is looked at. */
let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

const readRequest = z.union([
  z
    .object({ RequestItems: z.record(z.string(), z.object({ ConsistentRead: z.boolean().optional() })) })
    .transform(({ RequestItems }) => Object.values(RequestItems).every((one) => one.ConsistentRead === true)),
  z.object({ ConsistentRead: z.boolean().optional() }).transform((one) => one.ConsistentRead === true),
])

/** Reads that were asked for from now on, and whether each was to be consistent. */
function readsOf(client: DynamoDBClient): { name: string; isConsistent: boolean }[] {
  const reads: { name: string; isConsistent: boolean }[] = []
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = String(context['commandName']).replace(/Item(?=Command)/, '')
      if (/^(Get|BatchGet|Query|Scan)/.test(name)) {
        reads.push({ name, isConsistent: readRequest.parse(args.input) })
      }
      return next(args)
    },
    { step: 'initialize', name: 'reads' },
  )
  return reads
}

const id = { migration: 'm', segment: 'cities', manifest: 'm1', batch: '000001' }

test('every read of every store in DynamoDB is consistent', async () => {
  const table = await server.table()
  const { client } = server
  const documents = DynamoDBDocumentClient.from(client)
  const reads = readsOf(client)
  const checkpoints = dynamoDbCheckpointStore(documents, table)
  const runs = dynamoDbRunStore(documents, table)
  const gates = dynamoDbGateStore(documents, table)
  const target = dynamoDbTarget({ client, table, segment: itemSegment, clock: new FakeClock() })
  const asked: Record<string, () => Promise<unknown>> = {
    'a checkpoint': () => checkpoints.get(id),
    claim: () => checkpoints.claim({ ...id, step: 'extract', lockToken: 1, fingerprint: 'f'.repeat(64) }),
    checkpoints: () => Array.fromAsync(checkpoints.list(id)),
    'the lock': () => runs.lock('m'),
    'whether the lock is held': async () =>
      runs.requireLock('m', (await runs.takeLock('m', 'arn:1', undefined)).token),
    'a manifest': () => runs.manifest('m', 'cities'),
    'a stage': () => runs.stage('m', 'cities', 'pilot'),
    stages: () => runs.stages('m'),
    'a change of a stage': () => runs.updateStage({ ...id, stage: 'pilot' }, 1, () => undefined),
    'a gate': () => gates.gate('g'),
    'a capability': () => gates.capability('c'.repeat(64)),
    'records of the target': () => target.read([itemKey(1)]),
    'keys of the target': () => target.scan(0, 1),
  }
  for (const [what, ask] of Object.entries(asked)) {
    const before = reads.length
    await ask()
    const own = reads.slice(before)
    expect(own.length, what).toBeGreaterThan(0)
    expect(
      own.filter(({ isConsistent }) => !isConsistent),
      what,
    ).toEqual([])
  }
})
