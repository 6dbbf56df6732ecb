import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BatchFacts } from '../../../lambdas/shared/domain/anomalies/batch-facts.ts'
import { batchAnomalies } from '../../../lambdas/shared/domain/anomalies/batches.ts'
import { reasonAnomalies } from '../../../lambdas/shared/domain/anomalies/reasons.ts'
import { anomalyCount } from '../../../lambdas/shared/domain/anomalies/words.ts'
import type { Checkpoint } from '../../../lambdas/shared/domain/checkpoint.ts'
import { emptyDigest } from '../../../lambdas/shared/domain/digest.ts'
import { emptyLedger } from '../../../lambdas/shared/domain/ledger.ts'
import { chances } from '../../support/profiles.ts'

const checkpointOf = (
  batch: string,
  records: number,
  milliseconds: Record<string, number>,
  claims: Record<string, number> = { load: 1, reconcile: 1 },
): Checkpoint => ({
  ...{ segment: 's', manifest: 'm', batch, state: 'reconciled', attempt: 5, lockToken: 1, fingerprint: 'f' },
  ...{ generation: 1, epoch: 0, progress: { chunk: 0 }, ledger: { ...emptyLedger, extracted: records } },
  ...{ undo: {}, mapped: emptyDigest, duplicates: 0, milliseconds, claims },
})

function found(checkpoints: readonly Checkpoint[], rehearsal = false) {
  const facts = new BatchFacts(rehearsal)
  for (const checkpoint of checkpoints) facts.add(checkpoint)
  return batchAnomalies(facts)
}

/** Batches of one size and about one time. */
const fellows = (count: number, seconds = 20, records = 10_000) =>
  Array.from({ length: count }, (_, i) =>
    checkpointOf(String(i + 10).padStart(6, '0'), records, { load: seconds * 1_000 + 100 * (i % 7) }),
  )

test('a batch that is much slower than its fellows', () => {
  const slow = checkpointOf('000001', 10_000, { load: 90_000 })
  expect(found([slow, ...fellows(20)])).toEqual([
    {
      ...{ kind: 'slow-batch', subject: '000001' },
      sentence:
        'Batch 000001 took 1 min 30 s for 10,000 records, 4.4 times as long as its fellows would have (20.3 s).',
      figures: { seconds: 90, expected: 20, records: 10_000, batches: 21 },
    },
  ])
})

test('a batch that is slow in proportion to its records is none; nor one among few fellows, or by some seconds', () => {
  expect(found([checkpointOf('000001', 45_000, { load: 90_000 }), ...fellows(20)])).toMatchObject([
    { kind: 'large-batch' },
  ])
  expect(found([checkpointOf('000001', 10_000, { load: 90_000 }), ...fellows(6)])).toEqual([])
  expect(found([checkpointOf('000001', 10_000, { load: 9_000 }), ...fellows(20, 2)])).toEqual([])
  // A small last batch has to be opened as well.
  expect(found([checkpointOf('000001', 10, { load: 25_000 }), ...fellows(20)])).toEqual([])
})

test('what a rehearsal took says nothing about a stage that loads', () => {
  const slow = checkpointOf('000001', 10_000, { load: 20_000, 'rehearse extract': 500_000 })
  expect(found([slow, ...fellows(20)])).toEqual([])
})

test('a batch that is much larger than its fellows', () => {
  const large = checkpointOf('000001', 31_000, { load: 60_000 })
  expect(found([large, ...fellows(20)])).toMatchObject([
    {
      ...{ kind: 'large-batch', subject: '000001' },
      sentence:
        'Batch 000001 has 31,000 records, 3.1 times as many as its fellows have in the median (10,000).',
    },
  ])
  expect(found([checkpointOf('000001', 900, { load: 1 }), ...fellows(20, 1, 300)])).toEqual([])
})

test('a batch that is processed again and again; pauses and duplicates are not that', () => {
  const again = (claims: Record<string, number>, milliseconds = {}) => [
    checkpointOf('000001', 10, milliseconds, claims),
  ]
  expect(found(again({ load: 9, reconcile: 1 }))).toMatchObject([
    {
      ...{ kind: 'reprocessed', subject: '000001' },
      sentence:
        'Batch 000001 was processed again and again: load 9 times, reconcile once, which is 8 times more than it needs.',
      figures: { load: 9, needless: 8 },
    },
  ])
  expect(found(again({ load: 3, reconcile: 3 }))).toEqual([])
  expect(found(again({ load: 9, reconcile: 1 }, { load: 8 * 850_000 }))).toEqual([])
  expect(found(again({ 'rehearse load': 9 }))).toEqual([])
  const rehearsed = { 'rehearse extract': 1, 'rehearse transform': 4, 'rehearse reconcile': 4 }
  expect(found(again(rehearsed), true)).toEqual([])
  expect(found(again({ ...rehearsed, 'rehearse extract': 7 }), true)).toMatchObject([{ kind: 'reprocessed' }])
})

test('a thousand batches that loop are named in part, and counted', () => {
  const all = Array.from({ length: 1_000 }, (_, i) =>
    checkpointOf(String(i).padStart(6, '0'), 10, {}, { load: 10 + (i === 77 ? 5 : 0) }),
  )
  const anomalies = found(all)
  expect(anomalies.length).toBeLessThan(10)
  expect(anomalies[0]).toMatchObject({ subject: '000077' })
  expect(anomalies.at(-1)?.sentence).toBe('993 more batches are as unusual.')
  expect(anomalyCount(anomalies)).toBe(1_000)
})

test('batches whose time and size vary as they do raise nothing', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 0, max: 0.4, noNaN: true }),
      (seed, count, sigma) => {
        const chance = chances(seed)
        // Twelve uniform numbers make about a normal one.
        const normal = () => Array.from({ length: 12 }, chance).reduce((sum, n) => sum + n, -6)
        const all = Array.from({ length: count }, (_, i) => {
          const records = Math.round(10_000 * Math.exp((sigma / 2) * normal()))
          const milliseconds = Math.round(3 * records * Math.exp(sigma * normal()))
          return checkpointOf(String(i), records, { load: milliseconds }, { load: 1 + (seed % 3) })
        })
        expect(found(all)).toEqual([])
      },
    ),
    { numRuns: 100, seed: 4 },
  )
})

test('a reason for quarantine that was not seen before', () => {
  const now = { SourceContract: 5, RaggedRow: 1, TooDeep: 0 }
  expect(reasonAnomalies({ SourceContract: 1 }, now, 'rehearse')).toEqual([
    {
      ...{ kind: 'new-reason', subject: 'RaggedRow', figures: { records: 1 } },
      sentence: '1 record is in quarantine for “RaggedRow”, a reason that rehearse did not see.',
    },
  ])
  expect(reasonAnomalies({ SourceContract: 1, RaggedRow: 9 }, now, 'rehearse')).toEqual([])
})
