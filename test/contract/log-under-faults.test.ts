import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decisionLog } from '../../lambdas/shared/adapters/decision-log/decision-log.ts'
import { dynamoDbLogStore } from '../../lambdas/shared/adapters/decision-log/dynamodb-log-store.ts'
import { s3ObjectStore } from '../../lambdas/shared/adapters/s3-object-store.ts'
import { verifyChain } from '../../lambdas/shared/domain/decision-log/verify-chain.ts'
import { evidenceKeys } from '../../lambdas/shared/domain/object-keys.ts'
import { FakeSigner } from '../support/fake-signer.ts'
import { startFaultyStores, type FaultyStores } from '../support/faulty-stores.ts'
import { draftNamed } from '../support/log-drafts.ts'
import { byPlace } from '../support/sealed-chain.ts'

/** The real stores while many calls fail, half of them after they took effect: no event is logged twice, nor lost. */
describe.each([1, 2, 3])('with faults of seed %i', (seed) => {
  let stores: FaultyStores
  beforeAll(async () => {
    stores = await startFaultyStores({ share: 0.15, seed })
  })
  afterAll(() => stores.stop())

  test('each event of several appenders has one entry, and each entry its copy', async () => {
    const signer = new FakeSigner()
    const copies = s3ObjectStore(stores.s3, stores.bucket)
    const log = decisionLog({ entries: dynamoDbLogStore(stores.documents, stores.table), copies, signer })
    const ids = Array.from({ length: 12 }, (_, n) => `event ${n}`)
    const appenders = [ids, ids.toReversed(), ids.slice(3)].map(async (own) => {
      for (const id of own) await log.append('places', draftNamed(id))
    })
    await Promise.all(appenders)
    const entries = await Array.fromAsync(log.entries('places'))
    expect(entries.map(({ entry }) => entry.event.id).toSorted()).toEqual(ids.toSorted())
    const copied = new Map<number, Uint8Array>()
    for (const { entry } of entries) {
      const copy = await copies.get(evidenceKeys.logEntry('places', entry.sequence))
      if (copy) copied.set(entry.sequence, copy)
    }
    const keys = new Map([[signer.key, signer.publicKey]])
    const stored = { chain: 'places', table: byPlace(entries), copies: copied, heads: [], keys }
    expect(verifyChain(stored).findings).toEqual([])
  })
})
