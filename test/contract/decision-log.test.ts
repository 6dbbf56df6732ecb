import { verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decisionLog } from '../../lambdas/shared/adapters/decision-log/decision-log.ts'
import { dynamoDbLogStore } from '../../lambdas/shared/adapters/decision-log/dynamodb-log-store.ts'
import { kmsSigner } from '../../lambdas/shared/adapters/decision-log/kms-signer.ts'
import { s3ObjectStore } from '../../lambdas/shared/adapters/s3-object-store.ts'
import { canonicalJson } from '../../lambdas/shared/domain/canonical-json.ts'
import { noHash } from '../../lambdas/shared/domain/decision-log/entry.ts'
import { headOf, storedText } from '../../lambdas/shared/domain/decision-log/seal-entry.ts'
import { evidenceKeys } from '../../lambdas/shared/domain/object-keys.ts'
import type { DecisionLog } from '../../lambdas/shared/ports/decision-log.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeDecisionLog } from '../support/fake-decision-log.ts'
import { startKms } from '../support/kms-server.ts'
import { draftNamed } from '../support/log-drafts.ts'
import { startObjects } from '../support/object-server.ts'

let tables: DynamoDbServer
let objects: Awaited<ReturnType<typeof startObjects>>
let keys: Awaited<ReturnType<typeof startKms>>
beforeAll(async () => {
  tables = await startDynamoDb()
  objects = await startObjects('evidence')
  keys = await startKms()
})
afterAll(async () => {
  await Promise.all([tables.stop(), objects.stop(), keys.stop()])
})

const copies = () => s3ObjectStore(objects.client, 'evidence')
async function realLog(): Promise<DecisionLog> {
  const entries = dynamoDbLogStore(tables.documents, await tables.table())
  return decisionLog({ entries, copies: copies(), signer: kmsSigner(keys.client, keys.keyId) })
}

const logs: Record<string, () => Promise<DecisionLog>> = {
  fake: async () => new FakeDecisionLog(),
  'DynamoDB, S3 and KMS': realLog,
}
let chains = 0
/** The copies of all logs here are in one bucket. */
const newChain = () => `places-${(chains += 1)}`

describe.each(Object.entries(logs))('a decision log (%s)', (_name, make) => {
  test('entries follow one another, each with the hash of the one before', async () => {
    const log = await make()
    const chain = newChain()
    expect(await log.head(chain)).toEqual({ length: 0, hash: noHash })
    const drafts = Array.from({ length: 12 }, (_, n) => draftNamed(`gate#1#${n}`))
    const appended = []
    for (const draft of drafts) appended.push(await log.append(chain, draft))
    expect(appended.map(({ entry }) => entry.event)).toEqual(drafts)
    expect(appended.map(({ entry }) => entry.sequence)).toEqual(drafts.map((_, n) => n + 1))
    expect(appended.map(({ entry }) => entry.previous)).toEqual([
      noHash,
      ...appended.slice(0, -1).map(({ hash }) => hash),
    ])
    expect(await Array.fromAsync(log.entries(chain))).toEqual(appended)
    expect(await log.head(chain)).toEqual(headOf(appended.at(-1)))
  })

  test('an event is in it once, however often it is appended', async () => {
    const log = await make()
    const chain = newChain()
    const first = await log.append(chain, draftNamed('one'))
    expect(await log.append(chain, draftNamed('one'))).toEqual(first)
    await log.append(chain, draftNamed('two'))
    expect(await log.append(chain, draftNamed('one', { at: 5 }))).toEqual(first)
    expect(await log.head(chain)).toMatchObject({ length: 2 })
  })

  test('of many that append at once each has its place, and the same event has one', async () => {
    const log = await make()
    const chain = newChain()
    const ids = Array.from({ length: 16 }, (_, n) => `event ${n % 8}`)
    const appended = await Promise.all(ids.map((id) => log.append(chain, draftNamed(id))))
    const entries = await Array.fromAsync(log.entries(chain))
    expect(entries.map(({ entry }) => entry.event.id).toSorted()).toEqual(ids.slice(0, 8))
    for (const one of appended) expect(entries).toContainEqual(one)
  })

  test('chains know nothing of each other', async () => {
    const log = await make()
    const [one, other] = [newChain(), newChain()]
    await log.append(one, draftNamed('same'))
    await log.append(other, draftNamed('same', { reason: 'of another' }))
    expect(await log.head(one)).toMatchObject({ length: 1 })
    expect((await Array.fromAsync(log.entries(other))).map(({ entry }) => entry.event.reason)).toEqual([
      'of another',
    ])
  })

  test('long reasons, long ids and every character are kept', async () => {
    const log = await make()
    const chain = newChain()
    const draft = draftNamed(`id ${'i'.repeat(3000)}`, { reason: '\u{1f600}"\\\n\u2028'.repeat(1000) })
    const appended = await log.append(chain, draft)
    expect(appended.entry.event).toEqual(draft)
    expect(await Array.fromAsync(log.entries(chain))).toEqual([appended])
    expect(await log.append(chain, draft)).toEqual(appended)
  })
})

test('each entry is signed by the key in KMS, and lies under Object Lock in the same bytes', async () => {
  const log = await realLog()
  const chain = newChain()
  await log.append(chain, draftNamed('short'))
  await log.append(chain, draftNamed('long', { reason: 'x'.repeat(5000) }))
  for await (const signed of log.entries(chain)) {
    const { entry, hash, signature, algorithm, key } = signed
    expect({ algorithm, key }).toEqual({ algorithm: 'ECDSA_SHA_256', key: keys.keyId })
    const text = Buffer.from(canonicalJson(entry))
    expect(verify('sha256', text, keys.publicKey, Buffer.from(signature, 'base64'))).toBe(true)
    const copy = await copies().get(evidenceKeys.logEntry(chain, entry.sequence))
    expect(Buffer.from(copy ?? []).toString()).toBe(storedText(signed))
    expect(JSON.parse(storedText(signed))).toMatchObject({ hash })
  }
  const names = await Array.fromAsync(copies().list(evidenceKeys.logEntriesOf(chain)))
  expect(names).toEqual([1, 2].map((n) => `decision-log/${chain}/00000000000${n}.json`))
})
