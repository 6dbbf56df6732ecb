import { describe, expect, test } from 'vitest'
import { at, checkpointStores, claim } from './checkpoint-stores.ts'

describe.each(checkpointStores())('checkpoint store: %s', (_, open) => {
  test('the first claim plans the batch; each claim counts an attempt', async () => {
    const store = await open()
    const first = await store.claim(claim())
    expect(first).toMatchObject({
      status: 'claimed',
      checkpoint: { state: 'planned', attempt: 1, generation: 1, epoch: 0 },
    })
    const second = await store.claim(claim({ lockToken: 2 }))
    expect(second).toMatchObject({ status: 'claimed', checkpoint: { attempt: 2, lockToken: 2 } })
    expect(await store.get(at)).toEqual(second.checkpoint)
  })

  test('what an attempt saves is there for the next', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const undo = { 0: 'b'.repeat(64) }
    const saved = await store.save(at, { ...checkpoint, progress: { chunk: 3, byte: 5, line: 2 }, undo })
    const again = await store.save(at, { ...saved, state: 'extracted', progress: { chunk: 0 } })
    expect(await store.get(at)).toEqual(again)
    expect(again).toMatchObject({ state: 'extracted', undo, progress: { chunk: 0 } })
    expect(await store.claim(claim())).toMatchObject({ status: 'done' })
    expect(await store.claim(claim({ step: 'transform' }))).toMatchObject({ status: 'claimed' })
  })

  test('an attempt that a later one has followed cannot save', async () => {
    const store = await open()
    const { checkpoint: zombie } = await store.claim(claim())
    const { checkpoint } = await store.claim(claim())
    await expect(store.save(at, { ...zombie, state: 'extracted' })).rejects.toMatchObject({
      name: 'AttemptSuperseded',
    })
    expect(await store.get(at)).toEqual(checkpoint)
  })

  test('an attempt of a run that lost the lock can neither save nor claim', async () => {
    const store = await open()
    const { checkpoint: zombie } = await store.claim(claim())
    await store.claim(claim({ lockToken: 2 }))
    await expect(store.save(at, zombie)).rejects.toMatchObject({ name: 'LockLost' })
    await expect(store.claim(claim())).rejects.toMatchObject({ name: 'LockLost' })
  })

  test('a save from before the last one cannot put the earlier state back', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const newest = await store.save(at, { ...checkpoint, progress: { chunk: 1, byte: 1, line: 1 } })
    await expect(store.save(at, { ...checkpoint, progress: { chunk: 2 } })).rejects.toMatchObject({
      name: 'AttemptSuperseded',
    })
    expect(await store.get(at)).toEqual(newest)
  })

  test('a step that cannot start from the state of the batch is refused', async () => {
    const store = await open()
    await expect(store.claim(claim({ step: 'load' }))).rejects.toMatchObject({ name: 'NotEligible' })
    await store.claim(claim())
    await expect(store.claim(claim({ step: 'load' }))).rejects.toMatchObject({ name: 'NotEligible' })
  })

  test('a failed batch stays failed in its run, and a later run takes it up where it failed', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const undo = { 0: 'b'.repeat(64) }
    const failure = { error: 'ItemTooLarge', message: 'no', from: 'loading', rehearsal: false } as const
    await store.save(at, { ...checkpoint, state: 'failed', progress: { chunk: 4 }, undo, failure })
    expect(await store.claim(claim({ step: 'load' }))).toMatchObject({ status: 'failed' })
    expect(await store.claim(claim({ step: 'transform', lockToken: 2 }))).toMatchObject({ status: 'done' })
    expect(await store.get(at)).toMatchObject({ state: 'failed' })
    const later = await store.claim(claim({ step: 'load', lockToken: 2 }))
    expect(later).toMatchObject({
      status: 'claimed',
      checkpoint: { state: 'loading', progress: { chunk: 4 }, undo, lockToken: 2 },
    })
    expect(await store.get(at)).toEqual(later.checkpoint)
    expect(later.checkpoint.failure).toBeUndefined()
  })

  test('a later run reconciles again what was not clean, and that alone', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const expected = { count: 1, sum: '0' }
    const clean = { compared: 1, missing: 0, different: 0, fields: {}, expected }
    const first = await store.save(at, { ...checkpoint, state: 'reconciled', reconciliation: clean })
    expect(await store.claim(claim({ step: 'reconcile', lockToken: 2 }))).toMatchObject({ status: 'done' })
    await store.save(at, { ...first, reconciliation: { ...clean, missing: 1 } })
    expect(await store.claim(claim({ step: 'reconcile' }))).toMatchObject({ status: 'done' })
    const again = await store.claim(claim({ step: 'reconcile', lockToken: 2 }))
    expect(again).toMatchObject({
      status: 'claimed',
      checkpoint: { state: 'loaded', progress: { chunk: 0 } },
    })
    expect(again.checkpoint.reconciliation).toBeUndefined()
  })

  test('another definition begins anew where nothing was loaded', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const ledger = { ...checkpoint.ledger, extracted: 9 }
    await store.save(at, { ...checkpoint, state: 'transformed', ledger, duplicates: 2 })
    const other = claim({ fingerprint: 'c'.repeat(64) })
    await expect(store.claim({ ...other, step: 'transform' })).rejects.toMatchObject({ name: 'NotEligible' })
    const { checkpoint: anew } = await store.claim(other)
    expect(anew).toMatchObject({ state: 'planned', attempt: 2, duplicates: 0, ledger: { extracted: 0 } })
  })

  test.each(['loading', 'planned'] as const)(
    'another definition is refused once a write can have happened: %s',
    async (state) => {
      const store = await open()
      const { checkpoint } = await store.claim(claim())
      // Sent back to planned because a staged object expired, the undo log still tells.
      await store.save(at, { ...checkpoint, state, undo: { 0: 'b'.repeat(64) } })
      await expect(store.claim(claim({ fingerprint: 'c'.repeat(64) }))).rejects.toMatchObject({
        name: 'MappingChanged',
      })
    },
  )

  test('a batch is sent back once, and what was under way is superseded', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    const extracted = await store.save(at, { ...checkpoint, state: 'extracted' })
    const back = { ...at, to: 'extracted', lockToken: 1, duplicates: 2 } as const
    expect(await store.sendBack(back)).toMatchObject({ state: 'extracted', duplicates: 2 })
    const { checkpoint: under } = await store.claim(claim({ step: 'transform' }))
    const half = await store.save(at, { ...under, progress: { chunk: 1 } })
    const sent = await store.sendBack(back)
    expect(sent).toMatchObject({ state: 'extracted', progress: { chunk: 0 }, attempt: extracted.attempt + 3 })
    expect(await store.sendBack(back)).toEqual(sent)
    await expect(store.save(at, half)).rejects.toMatchObject({ name: 'AttemptSuperseded' })
    await expect(store.sendBack({ ...back, lockToken: 0 })).rejects.toMatchObject({ name: 'LockLost' })
  })

  test('a loaded batch is not sent back', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    await store.save(at, { ...checkpoint, state: 'loaded' })
    await expect(store.sendBack({ ...at, to: 'extracted', lockToken: 1 })).rejects.toMatchObject({
      name: 'NotEligible',
    })
  })

  test('in a rehearsal reconcile starts from transformed, and is done when it has compared everything', async () => {
    const store = await open()
    const { checkpoint } = await store.claim(claim())
    await store.save(at, { ...checkpoint, state: 'transformed' })
    await expect(store.claim(claim({ step: 'reconcile' }))).rejects.toMatchObject({ name: 'NotEligible' })
    const rehearsed = claim({ step: 'reconcile', rehearsal: true })
    const { checkpoint: own } = await store.claim(rehearsed)
    const reconciliation = {
      compared: 1,
      missing: 0,
      different: 0,
      fields: {},
      expected: { count: 1, sum: '0' },
    }
    const half = await store.save(at, { ...own, reconciliation, progress: { chunk: 1, byte: 1, line: 1 } })
    expect(await store.claim(rehearsed)).toMatchObject({ status: 'claimed' })
    const newest = await store.get(at)
    await store.save(at, { ...half, ...newest, progress: { chunk: 0 } })
    expect(await store.claim(rehearsed)).toMatchObject({ status: 'done' })
  })
})
