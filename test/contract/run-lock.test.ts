import { describe, expect, test } from 'vitest'
import { held, lost, runStores } from './run-stores.ts'

describe.each(runStores())('the lock of a run store: %s', (_name, make) => {
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

  test('a lock to which a stage has come since it was seen is not taken', async () => {
    const store = await make()
    const seen = await store.takeLock('m', 'arn:1', undefined)
    await store.joinLock('m', 1, 'arn:stage')
    await expect(store.takeLock('m', 'arn:2', seen)).rejects.toMatchObject(held)
    await store.releaseLock('m', 1)
    await expect(store.takeLock('m', 'arn:2', seen)).rejects.toMatchObject(held)
    await expect(store.joinLock('m', 1, 'arn:late')).rejects.toMatchObject(lost)
    const freed = await store.lock('m')
    expect(await store.takeLock('m', 'arn:2', freed)).toMatchObject({ token: 2, holders: ['arn:2'] })
    await store.releaseLock('other', 1)
    expect(await store.lock('other')).toBeUndefined()
  })
})
