import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { dynamoDb } from '#lockgate'
import { dynamoDbCheckpointStore } from '../../lambdas/shared/adapters/dynamodb-checkpoint-store/checkpoint-store.ts'
import { dynamoDbGateStore } from '../../lambdas/shared/adapters/dynamodb-gate-store/gate-store.ts'
import { dynamoDbRunStore } from '../../lambdas/shared/adapters/dynamodb-run-store/run-store.ts'
import { dynamoDbTarget } from '../../lambdas/shared/adapters/dynamodb-target/target.ts'
import { s3ObjectStore } from '../../lambdas/shared/adapters/s3-object-store.ts'
import { systemClock } from '../../lambdas/shared/adapters/system-clock.ts'
import { writeImages } from '../../lambdas/load/write-images.ts'
import type { Image } from '../../lambdas/shared/domain/undo.ts'
import type { Fields } from '../../lambdas/shared/domain/value.ts'
import { startFaultyStores, type FaultyStores } from '../support/faulty-stores.ts'
import { decisionOf, openGate, pilotRecord } from '../support/store-contents.ts'

/**
 * The real stores while many calls fail, half of them after they took effect: no outcome may show it. Not a fifth of
 * them, as for whole runs: nobody is here to repeat a call that failed eight times in a row.
 */
const share = 0.15
const many = (count: number) => Array.from({ length: count }, (_, i) => i)

describe.each([1, 2, 3])('with faults of seed %i', (seed) => {
  let stores: FaultyStores
  beforeAll(async () => {
    stores = await startFaultyStores({ share, seed })
  })
  afterAll(async () => {
    const { calls = 0, failed = 0 } = stores.faults() ?? {}
    await stores.stop()
    expect(failed / calls).toBeGreaterThan(0.8 * share)
  })

  test.concurrent(
    'objects come back whole, and whoever is told that an object was created created it',
    async () => {
      const store = s3ObjectStore(stores.s3, stores.bucket)
      const contentOf = (n: number) => Buffer.alloc(1 + n * 9_000, `${n},`)
      await Promise.all(many(30).map((n) => store.put(`put/${n}`, contentOf(n))))
      const read = await Promise.all(many(30).map((n) => store.get(`put/${n}`)))
      expect(read.map((content, n) => contentOf(n).equals(content ?? Buffer.alloc(0)))).toEqual(
        many(30).map(() => true),
      )
      expect(Buffer.from((await store.get('put/7', { start: 4, end: 9 })) ?? []).toString()).toBe('7,7,7')
      expect(await store.get('put/none')).toBeUndefined()

      const races = many(20).map(async (race) => {
        const key = `race/${race}`
        const told = await Promise.all(many(3).map((n) => store.create(key, Buffer.from(`writer ${n}`))))
        const winners = told.flatMap((outcome, n) => (outcome === 'created' ? [n] : []))
        expect(winners.length).toBeLessThanOrEqual(1)
        const held = Buffer.from((await store.get(key)) ?? []).toString()
        expect(winners.map((n) => `writer ${n}`)).toEqual(winners.length > 0 ? [held] : [])
        expect(held).toMatch(/^writer [012]$/)
      })
      await Promise.all(races)
      const listed: string[] = []
      for await (const key of store.list('race/')) listed.push(key)
      expect(listed).toEqual(
        many(20)
          .map((race) => `race/${race}`)
          .sort(),
      )
    },
  )

  test.concurrent(
    'each save of a checkpoint is the next revision, and an earlier attempt saves nothing',
    async () => {
      const store = dynamoDbCheckpointStore(stores.documents, stores.table)
      const batches = many(12).map(async (n) => {
        const at = { migration: 'm', segment: 'cities', manifest: 'm1', batch: String(n) }
        const claim = { ...at, step: 'extract', lockToken: 1, fingerprint: 'f'.repeat(64) } as const
        let { checkpoint } = await store.claim(claim)
        for (let chunk = 1; chunk <= 5; chunk += 1) {
          const ledger = { ...checkpoint.ledger, extracted: checkpoint.ledger.extracted + 10 }
          checkpoint = await store.save(at, { ...checkpoint, progress: { chunk, byte: 1, line: 1 }, ledger })
        }
        expect(checkpoint).toMatchObject({ attempt: 1, revision: 6, ledger: { extracted: 50 } })
        const again = await store.claim(claim)
        expect(again).toMatchObject({ status: 'claimed', checkpoint: { attempt: 2, revision: 7 } })
        const late = store.save(at, { ...checkpoint, state: 'extracted' })
        await expect(late).rejects.toMatchObject({ name: 'AttemptSuperseded' })
        expect(await store.get(at)).toEqual(again.checkpoint)
      })
      await Promise.all(batches)
    },
  )

  test.concurrent('one run takes the lock, its stages join once, and what it writes is written', async () => {
    const store = dynamoDbRunStore(stores.documents, stores.table)
    const migrations = many(6).map(async (n) => {
      const migration = `m${n}`
      const takers = await Promise.allSettled(
        many(4).map((run) => store.takeLock(migration, `arn:${run}`, undefined)),
      )
      const taken = takers.flatMap((taker) => (taker.status === 'fulfilled' ? [taker.value] : []))
      expect(taken).toEqual([{ migration, token: 1, holders: taken[0]?.holders }])
      for (const taker of takers)
        if (taker.status === 'rejected') expect(taker.reason).toMatchObject({ name: 'LockHeld' })

      await Promise.all(many(4).map((stage) => store.joinLock(migration, 1, `arn:stage-${stage}`)))
      const { holders = [] } = (await store.lock(migration)) ?? {}
      expect(holders.toSorted()).toEqual([
        ...(taken[0]?.holders ?? []),
        ...many(4).map((stage) => `arn:stage-${stage}`),
      ])

      const at = { migration, segment: 'cities', stage: 'pilot' }
      for (const status of ['running', 'judged', 'passed'] as const) {
        await store.updateStage(at, 1, () => ({ ...pilotRecord, status }))
        expect(await store.stage(migration, 'cities', 'pilot')).toEqual({ ...pilotRecord, status })
      }
      for (let token = 2; token <= 5; token += 1) {
        await store.releaseLock(migration, token - 1)
        const seen = await store.lock(migration)
        expect(seen).toMatchObject({ token: token - 1, holders: [] })
        const next = await store.takeLock(migration, `arn:next-${token}`, seen)
        expect(next).toEqual({ migration, token, holders: [`arn:next-${token}`] })
      }
    })
    await Promise.all(migrations)
  })

  test.concurrent('a gate holds the decision of each person once', async () => {
    const store = dynamoDbGateStore(stores.documents, stores.table)
    const gates = many(6).map(async (n) => {
      const wanted = { ...openGate, id: `gate-${n}` }
      expect(await store.createGate(wanted)).toEqual(wanted)
      const people = many(4).map((person) => `person-${person}@example.com`)
      const deciding = people.map((address) =>
        store.updateGate(wanted.id, (there) =>
          there.decisions.some((one) => one.address === address)
            ? undefined
            : { ...there, decisions: [...there.decisions, decisionOf(address)] },
        ),
      )
      await Promise.all(deciding)
      const held = await store.gate(wanted.id)
      expect(held?.decisions.map(({ address }) => address).toSorted()).toEqual(people)
    })
    await Promise.all(gates)
  })

  test.concurrent('what is loaded, unchanged and in conflict is counted to the record', async () => {
    const target = dynamoDbTarget({
      client: stores.target,
      table: stores.table,
      segment: { target: places, map: { pk: 'pk', sk: 'sk', size: 'size' } },
      clock: systemClock,
    })
    const key = (n: number) => ({ pk: `T#${n}`, sk: 'x' })
    const image = (n: number, expected: number | undefined, after: number): Image => {
      const held = expected === undefined ? undefined : { ...key(n), size: expected }
      return { key: key(n), base: held, expected: held, after: { ...key(n), size: after } }
    }
    const write = (images: readonly Image[]) =>
      writeImages(target, { images, isFresh: false }, new AbortController().signal)
    const sizes = async () => (await target.read(many(120).map(key))).map((one?: Fields) => one?.['size'])

    const created = await write(many(120).map((n) => image(n, undefined, n)))
    expect(created).toEqual({ loaded: 120, unchanged: 0, conflicts: [] })
    expect(await sizes()).toEqual(many(120))
    // A third changes, a third stays, a third holds what nobody expected.
    const changes = many(120).map((n) =>
      image(n, n % 3 === 2 ? -1 : n, n % 3 === 0 ? 1000 + n : n % 3 === 1 ? n : 7),
    )
    const changed = await write(changes)
    expect(changed).toMatchObject({ loaded: 40, unchanged: 40 })
    expect(changed.conflicts.map(({ key: { pk } }) => pk)).toEqual(
      many(120)
        .filter((n) => n % 3 === 2)
        .map((n) => `T#${n}`),
    )
    const expected = many(120).map((n) => (n % 3 === 0 ? 1000 + n : n))
    expect(await sizes()).toEqual(expected)
    // A repeat counts what was written before.
    expect(await write(changes)).toMatchObject({ loaded: 40, unchanged: 40, conflicts: { length: 40 } })
    expect(await sizes()).toEqual(expected)
  })
})

const places = dynamoDb({
  at: 'places',
  record: z.object({ pk: z.string(), sk: z.string(), size: z.number() }),
  key: ['pk', 'sk'],
})
