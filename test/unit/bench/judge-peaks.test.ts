import { expect, test } from 'vitest'
import { judgePeaks } from '../../../bench/memory/judge-peaks.ts'

const judged = (small: Record<string, number>, large: Record<string, number>) =>
  judgePeaks([
    { rows: 100_000, peaks: small },
    { rows: 1_000_000, peaks: large },
  ])

test('up to 256 MiB, and up to a tenth more for the larger file, is within', () => {
  expect(judged({ load: 232.8, extract: 100 }, { load: 256, extract: 110 })).toEqual([
    { name: 'load', peaks: [232.8, 256], growth: expect.closeTo(1.1, 2), isWithin: true },
    { name: 'extract', peaks: [100, 110], growth: expect.closeTo(1.1), isWithin: true },
  ])
})

test.each([
  ['too much for the larger file', { load: 256 }, { load: 256.1 }],
  ['too much for the smaller file', { load: 256.1 }, { load: 250 }],
  ['growth', { load: 100 }, { load: 110.2 }],
  ['a function that did not run on both', { load: 100 }, {}],
  ['a function that ran on the larger file alone', {}, { load: 100 }],
])('%s is beyond', (_what, small, large) => {
  expect(judged(small, large).map(({ isWithin }) => isWithin)).toEqual([false])
})
