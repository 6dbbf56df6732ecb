import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DigestSet } from '../../../lambdas/shared/domain/digest-set.ts'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'

/** Few values for each byte, so that digests are often equal, and often fall on the same place. */
const digest = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
  .map(([first, last]) => Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? first : i === 15 ? last : 7)))

test('digests are numbered as they first come, like the keys of a Map', () => {
  fc.assert(
    fc.property(fc.array(digest), fc.array(digest), (added, asked) => {
      const set = new DigestSet()
      const model = new Map<string, number>()
      for (const one of added) {
        const name = String(one)
        if (!model.has(name)) model.set(name, model.size)
        expect(set.add(one)).toBe(model.get(name))
        expect(set.size).toBe(model.size)
      }
      for (const one of [...added, ...asked]) expect(set.numberOf(one)).toBe(model.get(String(one)))
    }),
  )
})

test('it grows, and keeps every number', () => {
  const digests = Array.from({ length: 20_000 }, (_, i) =>
    Buffer.from(sha256(String(i)), 'hex').subarray(0, 16),
  )
  const set = new DigestSet()
  for (const one of digests) set.add(one)
  expect(digests.map((one) => set.numberOf(one))).toEqual(digests.map((_, i) => i))
  expect(set.numberOf(new Uint8Array(16))).toBeUndefined()
})
