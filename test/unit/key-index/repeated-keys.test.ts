import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RepeatedKeys } from '../../../lambdas/find-duplicates/repeated-keys.ts'
import type { KeyEntry } from '../../../lambdas/shared/domain/key-index.ts'

const digestOf = (key: number) => Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? key : i))
const entries = fc
  .array(fc.record({ key: fc.integer({ min: 0, max: 12 }), excluded: fc.boolean() }), { maxLength: 8 })
  .map((list) => list.map((one, ordinal) => ({ ...one, digest: digestOf(one.key), ordinal })))
const batches = fc.array(entries, { maxLength: 4 })

test('every occurrence of a repeated key is found once, except of keys that only others repeat', () => {
  fc.assert(
    fc.property(batches, batches, (own, others) => {
      const keys = new RepeatedKeys()
      const named = [...own.map((list, i) => ({ list, name: `own ${i}`, isOwn: true }))]
      named.push(...others.map((list, i) => ({ list, name: `other ${i}`, isOwn: false })))
      for (const { list, name, isOwn } of named) keys[isOwn ? 'addOwn' : 'compareOther'](batchOf(name), list)

      const all = named.flatMap(({ list, name, isOwn }) => list.map((entry) => ({ ...entry, name, isOwn })))
      const expected = all.filter(({ key }) => {
        const same = all.filter((one) => one.key === key)
        return same.length > 1 && same.some(({ isOwn }) => isOwn)
      })
      const found = keys
        .byBatch()
        .flatMap(([{ at }, list]) => list.map((one) => text({ ...one, name: at.batch })))
      expect(found.toSorted()).toEqual(expected.map(text).toSorted())
    }),
  )
})

test('ordinals up to the greatest, in batch after batch, are told exactly', () => {
  const keys = new RepeatedKeys()
  const greatest = 2 ** 31 - 1
  const at = (ordinal: number, excluded: boolean): KeyEntry => ({ digest: digestOf(1), ordinal, excluded })
  for (let i = 0; i < 5_000; i += 1) keys.addOwn(batchOf(String(i)), [])
  keys.addOwn(batchOf('a'), [at(greatest, true)])
  keys.addOwn(batchOf('b'), [at(greatest - 1, false)])
  expect(keys.byBatch()).toEqual([
    [batchOf('a'), [{ ordinal: greatest, excluded: true }]],
    [batchOf('b'), [{ ordinal: greatest - 1, excluded: false }]],
  ])
})

const batchOf = (batch: string) => ({
  ...{ at: { migration: 'm', segment: 's', manifest: 'f', batch }, partitions: 1, runs: 1 },
})
const text = ({ name, ordinal, excluded }: { name: string; ordinal: number; excluded: boolean }) =>
  `${name} ${ordinal} ${excluded}`
