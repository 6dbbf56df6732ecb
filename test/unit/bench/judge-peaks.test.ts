import { expect, test } from 'vitest'
import { judgePeaks } from '../../../bench/memory/judge-peaks.ts'

const judged = (small: Record<string, number>, large: Record<string, number>) =>
  judgePeaks([
    { rows: 100_000, peaks: small },
    { rows: 1_000_000, peaks: large },
  ])

test('up to 256 MiB, and a peak that grows by up to a tenth, is within', () => {
  const { functions, peak, complaints } = judged({ load: 232.8, extract: 100 }, { load: 256, extract: 150 })
  expect(complaints).toEqual([])
  expect(functions).toEqual([
    { name: 'load', peaks: [232.8, 256], growth: expect.closeTo(1.1, 2) as number },
    { name: 'extract', peaks: [100, 150], growth: 1.5 },
  ])
  expect(peak).toMatchObject({ peaks: [232.8, 256], growth: expect.closeTo(1.1, 2) as number })
})

test('the peak is that of whichever function takes most', () => {
  expect(judged({ load: 200, extract: 100 }, { load: 100, extract: 210 })).toMatchObject({
    peak: { peaks: [200, 210] },
    complaints: [],
  })
})

test.each<[string, Record<string, number>, Record<string, number>, string]>([
  ['too much for the larger file', { load: 256 }, { load: 256.1 }, 'load took more than 256 MiB.'],
  ['too much for the smaller file', { load: 256.1 }, { load: 250 }, 'load took more than 256 MiB.'],
  ['growth', { load: 100 }, { load: 110.2 }, 'The peak grew to its 1.102-fold.'],
  ['no run with the larger file', { load: 100, act: 1 }, { load: 100 }, 'act did not run with each source.'],
  ['no run with the smaller file', { load: 100 }, { load: 100, act: 1 }, 'act did not run with each source.'],
])('%s is beyond', (_what, small, large, complaint) => {
  expect(judged(small, large).complaints).toEqual([complaint])
})

test('nothing measured is beyond', () => {
  expect(judged({}, {}).complaints).not.toEqual([])
})
