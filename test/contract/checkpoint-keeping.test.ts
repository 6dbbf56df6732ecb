import { describe, expect, test } from 'vitest'
import { at, checkpointStores, claim } from './checkpoint-stores.ts'

describe.each(checkpointStores())('what a checkpoint store keeps: %s', (_, open) => {
  test('of many claims at once each has an attempt of its own', async () => {
    const store = await open()
    await store.claim(claim())
    const results = await Promise.all(Array.from({ length: 4 }, () => store.claim(claim())))
    expect(new Set(results.map(({ checkpoint }) => checkpoint.attempt)).size).toBe(4)
  })

  test('the checkpoints of a manifest are listed in order, however many there are', async () => {
    const store = await open()
    // Beyond the megabyte that DynamoDB gives at once.
    const undo = Object.fromEntries(Array.from({ length: 2_500 }, (_, chunk) => [chunk, 'b'.repeat(64)]))
    const numbers = [3, 10, 1, 2, 9, 4, 8, 5, 7, 6].map((n) => String(n).padStart(6, '0'))
    for (const batch of numbers) {
      const { checkpoint } = await store.claim(claim({ batch }))
      await store.save({ ...at, batch }, { ...checkpoint, undo })
    }
    await store.claim(claim({ manifest: 'm2', batch: '000011' }))
    await store.claim(claim({ segment: 'cities-2', batch: '000012' }))
    const listed = await Array.fromAsync(store.list(at))
    expect(listed.map(({ batch }) => batch)).toEqual(numbers.toSorted())
    expect(listed.map((checkpoint) => Object.keys(checkpoint.undo).length)).toEqual(Array(10).fill(2_500))
    expect(await Array.fromAsync(store.list({ ...at, manifest: 'm3' }))).toEqual([])
  })

  test('a batch that nobody has claimed is not there', async () => {
    const store = await open()
    expect(await store.get(at)).toBeUndefined()
    await expect(store.sendBack({ ...at, to: 'planned', lockToken: 1 })).rejects.toMatchObject({
      name: 'NotEligible',
    })
    expect(await store.get(at)).toBeUndefined()
  })

  test('a save that has not read what is there is superseded', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const { revision: _unread, ...never } = checkpoint
    await expect(store.save(at, never)).rejects.toMatchObject({ name: 'AttemptSuperseded' })
    expect(await store.get(at)).toEqual(checkpoint)
  })

  test('what is answered is a copy', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const stored = structuredClone(checkpoint)
    const given = { ...checkpoint, state: 'extracted' as const, undo: { 0: 'b'.repeat(64) } }
    const saved = await store.save(at, given)
    given.undo[0] = 'changed by its owner'
    for (const answer of [checkpoint, saved, await store.get(at), (await store.claim(claim())).checkpoint]) {
      Object.assign(answer ?? {}, { attempt: 99, undo: {} })
    }
    for await (const listed of store.list(at)) Object.assign(listed, { attempt: 99, undo: {} })
    expect(await store.get(at)).toEqual({
      ...stored,
      state: 'extracted',
      undo: { 0: 'b'.repeat(64) },
      revision: saved.revision,
    })
  })

  test('a checkpoint that is too large to be stored is refused, and the one before stays', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const undo = Object.fromEntries(Array.from({ length: 6_500 }, (_, chunk) => [chunk, 'b'.repeat(64)]))
    await expect(store.save(at, { ...checkpoint, undo })).rejects.toMatchObject({
      name: 'ValidationException',
    })
    expect(await store.get(at)).toEqual(checkpoint)
  })

  test('as many chunks as planning allows a batch can be stored', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const undo = Object.fromEntries(Array.from({ length: 4_500 }, (_, chunk) => [chunk, 'b'.repeat(64)]))
    const saved = await store.save(at, { ...checkpoint, undo })
    expect(await store.get(at)).toEqual(saved)
  })
})
