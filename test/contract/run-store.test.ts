import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbRunStore } from '../../lambdas/shared/adapters/dynamodb-run-store/run-store.ts'
import type { ManifestHeader } from '../../lambdas/shared/domain/manifest.ts'
import type { StageRecord } from '../../lambdas/shared/domain/stage-record.ts'
import type { RunStore } from '../../lambdas/shared/ports/run-store.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeRunStore } from '../support/fake-run-store.ts'

let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

const stores: Record<string, () => Promise<RunStore>> = {
  fake: async () => new FakeRunStore(),
  DynamoDB: async () => dynamoDbRunStore(server.documents, await server.table()),
}

const record: StageRecord = {
  ...{ segment: 'cities', stage: 'pilot', status: 'running', fingerprint: 'f'.repeat(64) },
  ...{ lockToken: 2, run: 'run-2', startedAt: '2026-01-01T00:00:00.000Z' },
}
const manifest: ManifestHeader = {
  ...{ id: 'm1', segment: 'cities', objects: [], batches: 3, records: 30, bytes: 300 },
  ...{ chunkRecords: 10, partitions: 1, fingerprint: 'f'.repeat(64) },
}
const held = { name: 'LockHeld' }
const lost = { name: 'LockLost' }

describe.each(Object.entries(stores))('a run store (%s)', (_name, make) => {
  test('a lock is taken once from the state that was seen; the token grows', async () => {
    const store = await make()
    expect(await store.lock('m')).toBeUndefined()
    const first = await store.takeLock('m', 'arn:1', undefined)
    expect(first).toEqual({ migration: 'm', token: 1, holders: ['arn:1'] })
    await expect(store.takeLock('m', 'arn:2', undefined)).rejects.toMatchObject(held)
    expect(await store.takeLock('m', 'arn:3', first)).toMatchObject({ token: 2, holders: ['arn:3'] })
    await expect(store.takeLock('m', 'arn:2', first)).rejects.toMatchObject(held)
  })

  test('taking it again after the answer was lost is a success', async () => {
    const store = await make()
    await store.takeLock('m', 'arn:1', undefined)
    expect(await store.takeLock('m', 'arn:1', undefined)).toMatchObject({ token: 1, holders: ['arn:1'] })
  })

  test('of two that take it at once, one gets it', async () => {
    const store = await make()
    const takers = ['arn:1', 'arn:2', 'arn:3'].map((arn) => store.takeLock('m', arn, undefined))
    const outcomes = await Promise.allSettled(takers)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('stages join the holders once each', async () => {
    const store = await make()
    await store.takeLock('m', 'arn:1', undefined)
    await store.joinLock('m', 1, 'arn:stage')
    await store.joinLock('m', 1, 'arn:stage')
    expect((await store.lock('m'))?.holders).toEqual(['arn:1', 'arn:stage'])
    await expect(store.joinLock('m', 2, 'arn:other')).rejects.toMatchObject(lost)
  })

  test('a lock is required under its own token, and is lost once it is released or taken over', async () => {
    const store = await make()
    await expect(store.requireLock('m', 1)).rejects.toMatchObject(lost)
    const first = await store.takeLock('m', 'arn:1', undefined)
    await expect(store.requireLock('m', 1)).resolves.toBeUndefined()
    await store.takeLock('m', 'arn:2', first)
    await expect(store.requireLock('m', 1)).rejects.toMatchObject(lost)
    await store.releaseLock('m', 1)
    await expect(store.requireLock('m', 2)).resolves.toBeUndefined()
    await store.releaseLock('m', 2)
    await expect(store.requireLock('m', 2)).rejects.toMatchObject(lost)
    expect(await store.lock('m')).toMatchObject({ token: 2, holders: [] })
  })

  test('a stage is what was last saved, and an earlier run cannot overwrite a later one', async () => {
    const store = await make()
    expect(await store.stage('m', 'cities', 'pilot')).toBeUndefined()
    await store.saveStage('m', record)
    await store.saveStage('m', { ...record, status: 'passed', gate: 'g' })
    expect(await store.stage('m', 'cities', 'pilot')).toEqual({ ...record, status: 'passed', gate: 'g' })
    await expect(store.saveStage('m', { ...record, lockToken: 1 })).rejects.toMatchObject(lost)
    await store.saveStage('m', { ...record, stage: 'full', lockToken: 3 })
    expect((await store.stages('m')).map(({ stage }) => stage).toSorted()).toEqual(['full', 'pilot'])
    expect(await store.stages('other')).toEqual([])
  })

  test('so is a manifest', async () => {
    const store = await make()
    expect(await store.manifest('m', 'cities')).toBeUndefined()
    await store.saveManifest('m', manifest, 2)
    expect(await store.manifest('m', 'cities')).toEqual(manifest)
    await expect(store.saveManifest('m', { ...manifest, id: 'm0' }, 1)).rejects.toMatchObject(lost)
  })

  test('failures are recorded beside them', async () => {
    const store = await make()
    const failure = {
      at: '2026-01-01T00:00:00.000Z',
      execution: 'arn:1',
      status: 'FAILED',
      error: 'LockLost',
    }
    await expect(store.recordFailure('m', failure)).resolves.toBeUndefined()
    expect(await store.stages('m')).toEqual([])
  })
})
