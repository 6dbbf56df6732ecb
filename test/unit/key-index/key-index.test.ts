import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyDigest } from '../../../lambdas/shared/domain/digest.ts'
import {
  keyEntries,
  KeyIndexBuilder,
  keyIndexHeadBytes,
  keyIndexRange,
  partitionOf,
  readKeyIndexHead,
  type KeyEntry,
} from '../../../lambdas/shared/domain/key-index.ts'

function encodeKeyIndex(entries: readonly KeyEntry[], partitions: number): Uint8Array {
  const builder = new KeyIndexBuilder()
  for (const entry of entries) builder.add(entry)
  return builder.encode(partitions)
}

const hex = ({ digest, ordinal, excluded }: KeyEntry) =>
  `${Buffer.from(digest).toString('hex')} ${ordinal} ${excluded}`

test('every entry is in the partition of its digest, in order', () => {
  const entry = fc.record({
    digest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    ordinal: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    excluded: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), fc.constantFrom(1, 2, 8, 1024), (entries, partitions) => {
      const index = encodeKeyIndex(entries, partitions)
      const head = readKeyIndexHead(index.subarray(0, keyIndexHeadBytes(partitions)), partitions)
      const found = Array.from({ length: partitions }, (_, partition) => {
        const { start, end } = keyIndexRange(head, partition)
        const own = [...keyEntries(index.subarray(start, end))]
        expect(own.every(({ digest }) => partitionOf(digest, partitions) === partition)).toBe(true)
        return own.map(hex)
      }).flat()
      expect(found).toEqual(
        found.toSorted((a, b) =>
          a.slice(0, 32) < b.slice(0, 32) ? -1 : a.slice(0, 32) > b.slice(0, 32) ? 1 : 0,
        ),
      )
      expect(found.toSorted()).toEqual(entries.map(hex).toSorted())
      expect(head.entries).toBe(entries.length)
    }),
  )
})

test('more entries than the builder begins with', () => {
  const entries = Array.from({ length: 5_000 }, (_, ordinal) => ({
    digest: keyDigest('table', { pk: ordinal }),
    ordinal,
    excluded: false,
  }))
  const index = encodeKeyIndex(entries, 1)
  expect([...keyEntries(index.subarray(keyIndexHeadBytes(1)))]).toHaveLength(5_000)
})

test('what is no index, or one with other partitions, is refused', () => {
  expect(() => readKeyIndexHead(Buffer.alloc(100), 2)).toThrow(/not the head/)
  expect(() => readKeyIndexHead(encodeKeyIndex([], 4), 2)).toThrow(/4 partitions, not 2/)
})
