import fc from 'fast-check'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { RepeatedKeys } from '../../../lambdas/find-duplicates/repeated-keys.ts'

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
      const inBatches = new Set(keys.batches.map(({ at }) => at.batch))
      const found = all.filter(({ name, digest }) => inBatches.has(name) && keys.has(digest))
      expect(found.map(text).toSorted()).toEqual(expected.map(text).toSorted())
      expect([...inBatches].toSorted()).toEqual([...new Set(expected.map(({ name }) => name))].toSorted())
    }),
  )
})

test('a batch is known by all of its runs', () => {
  const keys = new RepeatedKeys()
  const [a, b] = [batchOf('a'), batchOf('b')]
  for (const key of [1, 2, 1]) keys.addOwn(a, [{ digest: digestOf(key), ordinal: key, excluded: false }])
  keys.addOwn(b, [{ digest: digestOf(3), ordinal: 0, excluded: false }])
  expect(keys.batches).toEqual([a])
  expect([1, 2, 3, 4].map((key) => keys.has(digestOf(key)))).toEqual([true, false, false, false])
})

test.each(['addOwn', 'compareOther'] as const)(
  'what is held does not grow with the occurrences of a key: %s',
  (use) => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const heap = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    const keys = new RepeatedKeys()
    const digest = digestOf(1)
    keys.addOwn(batchOf('first'), [{ digest, ordinal: 0, excluded: false }])
    const before = heap()
    const occurrences = 1_000_000
    for (let batch = 0; batch < 10; batch += 1) {
      const ordinals = Array.from({ length: occurrences / 10 }, (_, ordinal) => ordinal).values()
      keys[use](
        batchOf(String(batch)),
        ordinals.map((ordinal) => ({ digest, ordinal, excluded: false })),
      )
    }
    // One number for each occurrence would be 8 MB.
    expect(heap() - before).toBeLessThan(4_000_000)
    expect(keys.has(digest)).toBe(true)
    expect(keys.batches).toHaveLength(11)
  },
)

const batchOf = (batch: string) => ({
  ...{ at: { migration: 'm', segment: 's', manifest: 'f', batch }, partitions: 1, runs: 1 },
})
const text = ({ name, ordinal, excluded }: { name: string; ordinal: number; excluded: boolean }) =>
  `${name} ${ordinal} ${excluded}`
