import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shapeAnomalies } from '../../../lambdas/shared/domain/anomalies/find-anomalies.ts'
import { batchOf, chances, inBatches, sourceOf, type Row } from '../../support/profiles.ts'
import { StageProfileBuilder } from '../../../lambdas/shared/domain/profile/stage-profile.ts'

/**
 * A source in which like lies beside like, as exports are: sorted by country, of which each has its own share of
 * missing values and its own way of writing a number.
 */
function clustered(seed: number, countries: number, per: number): Row[] {
  const chance = chances(seed)
  return Array.from({ length: countries }, (_, country) => {
    const missing = chance() < 0.3 ? chance() : chance() / 10
    const decimals = chance()
    const size = Math.ceil(per * (0.2 + 1.6 * chance()))
    return Array.from({ length: size }, (_row, i) => ({
      id: `${country}-${i}`,
      country: `C${country}`,
      district: chance() < missing ? null : `D${Math.floor(chance() * 30)}`,
      size: chance() < decimals ? '1.5' : '2',
    }))
  }).flat()
}

const names = ['id', 'country', 'district', 'size']

test('the same batches show nothing, whichever share of a clustered source they are', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 20 }),
      (seed, size, taken) => {
        const batches = inBatches(clustered(seed, 30, 20), size).slice(0, taken)
        expect(shapeAnomalies(sourceOf(batches, names), sourceOf(batches, names), 'rehearse')).toEqual([])
      },
    ),
    { numRuns: 40 },
  )
})

test('an export that was drawn anew from the same population shows nothing', () => {
  // Seeds are fixed: chance is what is tested, and it must not decide about this test.
  for (let seed = 1; seed <= 60; seed += 1) {
    const drawn = (n: number) => {
      const chance = chances(n)
      return Array.from({ length: 1_500 }, () => ({
        ...{ id: String(Math.floor(chance() * 1e9)), country: `C${Math.floor(chance() ** 2 * 200)}` },
        ...{ district: chance() < 0.2 ? null : 'D', size: chance() < 0.02 ? '1.5' : '2' },
      }))
    }
    const [one, other] = [drawn(seed), drawn(1_000 + seed)]
    const found = shapeAnomalies(
      sourceOf(inBatches(one, 100), names),
      sourceOf(inBatches(other, 90), names),
      'rehearse',
    )
    expect(found, `seed ${seed}`).toEqual([])
  }
})

test('another half of the countries of a clustered source shows no type and no null that moved', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const all = inBatches(clustered(seed, 80, 100), 100)
    const [even, odd] = [0, 1].map((rest) =>
      sourceOf(
        all.filter((_, i) => i % 2 === rest),
        names,
      ),
    )
    if (!even || !odd) throw new Error('two halves')
    const kinds = shapeAnomalies(even, odd, 'rehearse').map(({ kind, subject }) => `${kind} ${subject}`)
    expect(kinds, `seed ${seed}`).toEqual([])
  }
})

test('the profile of a source does not depend on how its batches were cut into parts', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 30 }), (seed, size) => {
      const rows = clustered(seed, 5, 20)
      const whole = new StageProfileBuilder()
      whole.add([batchOf(rows, names)])
      const parts = new StageProfileBuilder()
      parts.add(inBatches(rows, size).map((part) => batchOf(part, names)))
      expect(parts.result()).toEqual(whole.result())
    }),
    { numRuns: 30 },
  )
})
