import { describe, expect, test } from 'vitest'
import type { ManifestHeader } from '../../lambdas/shared/domain/manifest.ts'
import type { StageRecord } from '../../lambdas/shared/domain/stage-record.ts'
import { lost, runStores } from './run-stores.ts'

const record: StageRecord = {
  ...{ segment: 'cities', stage: 'pilot', status: 'running', fingerprint: 'f'.repeat(64) },
  ...{ lockToken: 2, run: 'run-2', startedAt: '2026-01-01T00:00:00.000Z' },
}
const manifest: ManifestHeader = {
  ...{ id: 'm1', segment: 'cities', source: 's'.repeat(64), batches: 3, records: 30, bytes: 300 },
  ...{ chunkRecords: 10, partitions: 1, fingerprint: 'f'.repeat(64) },
}

describe.each(runStores())('a run store: %s', (_name, make) => {
  test('a stage is what was last saved, and an earlier run cannot overwrite a later one', async () => {
    const store = await make()
    expect(await store.stage('m', 'cities', 'pilot')).toBeUndefined()
    const save = (one: StageRecord) => store.updateStage({ migration: 'm', ...one }, one.lockToken, () => one)
    await save(record)
    await save({ ...record, status: 'passed', gate: 'g' })
    expect(await store.stage('m', 'cities', 'pilot')).toEqual({ ...record, status: 'passed', gate: 'g' })
    await expect(save({ ...record, lockToken: 1 })).rejects.toMatchObject(lost)
    await save({ ...record, stage: 'full', lockToken: 3 })
    expect((await store.stages('m')).map(({ stage }) => stage)).toEqual(['full', 'pilot'])
    expect(await store.stages('other')).toEqual([])
  })

  test('a change of a stage is made of its newest record, under the token of the run, or not at all', async () => {
    const store = await make()
    const at = { migration: 'm', segment: 'cities', stage: 'pilot' }
    expect(await store.updateStage(at, 2, (found) => found)).toBeUndefined()
    await store.updateStage(at, 2, () => record)
    const judged = { ...record, status: 'judged' } as const
    const change = (found: StageRecord | undefined) => found && { ...found, status: 'judged' as const }
    expect(await store.updateStage(at, 3, change)).toEqual({ ...judged, lockToken: 3 })
    expect(await store.updateStage(at, 3, () => undefined)).toEqual({ ...judged, lockToken: 3 })
    await expect(store.updateStage(at, 2, change)).rejects.toMatchObject(lost)
    await expect(store.updateStage(at, 2, () => undefined)).rejects.toMatchObject(lost)
    expect(await store.stage('m', 'cities', 'pilot')).toEqual({ ...judged, lockToken: 3 })
  })

  test('so is a manifest', async () => {
    const store = await make()
    expect(await store.manifest('m', 'cities')).toBeUndefined()
    await store.saveManifest('m', manifest, 2)
    expect(await store.manifest('m', 'cities')).toEqual(manifest)
    await expect(store.saveManifest('m', { ...manifest, id: 'm0' }, 1)).rejects.toMatchObject(lost)
  })

  test('the stages of a migration are listed in order, however large they are', async () => {
    const store = await make()
    // Beyond the megabyte that DynamoDB gives at once.
    const gate = 'g'.repeat(300_000)
    const stages = ['full', 'pilot', 'ramp-10', 'ramp-5', 'rehearse']
    for (const stage of stages.toReversed()) {
      await store.updateStage({ migration: 'm', segment: 'cities', stage }, 1, () => ({
        ...record,
        stage,
        gate,
      }))
    }
    const segment = 'cities-2'
    await store.updateStage({ migration: 'm', segment, stage: 'full' }, 1, () => ({
      ...record,
      segment,
      stage: 'full',
    }))
    await store.updateStage({ migration: 'm-2', ...record }, 1, () => record)
    const listed = await store.stages('m')
    expect(listed.map((one) => `${one.segment} ${one.stage}`)).toEqual([
      ...stages.map((stage) => `cities ${stage}`),
      'cities-2 full',
    ])
    expect(listed[0]?.gate).toBe(gate)
  })

  test('of changes of a stage in the same moment each sees the one before', async () => {
    const store = await make()
    const at = { migration: 'm', ...record }
    await store.updateStage(at, 2, () => ({ ...record, gate: '' }))
    const letters = ['a', 'b', 'c', 'd']
    await Promise.all(
      letters.map((letter) =>
        store.updateStage(at, 2, (found) => found && { ...found, gate: `${found.gate}${letter}` }),
      ),
    )
    expect([...((await store.stage('m', 'cities', 'pilot'))?.gate ?? '')].toSorted()).toEqual(letters)
  })

  test('what is answered, and what a change sees, is a copy', async () => {
    const store = await make()
    const at = { migration: 'm', ...record }
    const spoil = (found: object | undefined) =>
      void Object.assign(found ?? {}, { status: 'held', holders: [] })
    spoil(await store.takeLock('m', 'arn:1', undefined))
    spoil(await store.takeLock('m', 'arn:1', undefined))
    spoil(await store.lock('m'))
    expect(await store.lock('m')).toEqual({ migration: 'm', token: 1, holders: ['arn:1'] })
    spoil(await store.updateStage(at, 2, () => record))
    await store.updateStage(at, 2, spoil)
    spoil(await store.stage('m', 'cities', 'pilot'))
    for (const found of await store.stages('m')) spoil(found)
    expect(await store.stage('m', 'cities', 'pilot')).toEqual(record)
    await store.saveManifest('m', manifest, 2)
    Object.assign((await store.manifest('m', 'cities')) ?? {}, { id: 'spoilt' })
    expect(await store.manifest('m', 'cities')).toEqual(manifest)
  })

  test('what is too large to be stored is refused, and what is there stays', async () => {
    const store = await make()
    const at = { migration: 'm', ...record }
    const refusal = { name: 'ValidationException' }
    const text = 'x'.repeat(420_000)
    await store.updateStage(at, 2, () => record)
    await expect(store.updateStage(at, 2, () => ({ ...record, gate: text }))).rejects.toMatchObject(refusal)
    expect(await store.stage('m', 'cities', 'pilot')).toEqual(record)
    await expect(store.saveManifest('m', { ...manifest, source: text }, 2)).rejects.toMatchObject(refusal)
    expect(await store.manifest('m', 'cities')).toBeUndefined()
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
