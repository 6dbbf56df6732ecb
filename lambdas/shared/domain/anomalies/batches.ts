import { steps } from '../checkpoint.ts'
import type { Anomaly } from '../evidence.ts'
import { durationText } from '../wording/figures.ts'
import type { BatchFact, BatchFacts, Reprocessed } from './batch-facts.ts'
import { farAbove, median } from './robust.ts'
import { counted, limited, times } from './words.ts'

/** Batches that were slow or large beside their fellows, or processed again and again. */
export function batchAnomalies(facts: BatchFacts): Anomaly[] {
  return [
    ...limited(facts.again.map(reprocessed), 'batches', facts.reprocessed),
    ...limited(slow(facts.facts), 'batches'),
    ...limited(large(facts.facts), 'batches'),
  ]
}

function reprocessed({ batch, claims, needless }: Reprocessed): Anomaly {
  const each = steps.filter((step) => claims[step] > 0).map((step) => `${step} ${often(claims[step])}`)
  const sentence =
    `Batch ${batch} was processed again and again: ${each.join(', ')}, which is ${counted(needless)} times more ` +
    'than it needs.'
  return { kind: 'reprocessed', subject: batch, sentence, figures: { ...claims, needless } }
}

const often = (count: number) => (count === 1 ? 'once' : `${counted(count)} times`)

const leastSlower = 2
/** Seconds that nobody waits for are no anomaly. */
const leastExcess = 10_000

function slow(facts: readonly BatchFact[]): Anomaly[] {
  const timed = facts.filter(({ records, milliseconds }) => records > 0 && milliseconds > 0)
  const usual = median(Float64Array.from(timed, ({ milliseconds }) => milliseconds))
  const rate = median(Float64Array.from(timed, ({ records, milliseconds }) => milliseconds / records))
  // A large batch may take longer than most, and a small one has to be opened as well.
  const expected = timed.map(({ records }) => Math.max(usual, rate * records))
  const ratios = Float64Array.from(timed, ({ milliseconds }, i) => milliseconds / (expected[i] ?? 1))
  return farAbove(ratios, leastSlower)
    .flatMap((i) => {
      const fact = timed[i]
      const due = expected[i] ?? 0
      return fact && fact.milliseconds - due >= leastExcess ? [{ ...fact, due, ratio: ratios[i] ?? 0 }] : []
    })
    .toSorted((a, b) => b.ratio - a.ratio)
    .map(({ batch, records, milliseconds, due, ratio }): Anomaly => {
      const [took, would] = [milliseconds / 1000, due / 1000]
      const sentence =
        `Batch ${batch} took ${durationText(took)} for ${counted(records)} records, ${times(ratio)} times as long as ` +
        `its fellows would have (${durationText(would)}).`
      const figures = { seconds: took, expected: Math.round(would), records, batches: timed.length }
      return { kind: 'slow-batch', subject: batch, sentence, figures }
    })
}

const leastLarger = 2
const leastMore = 1_000

function large(facts: readonly BatchFact[]): Anomaly[] {
  const sized = facts.filter(({ records }) => records > 0)
  const sizes = Float64Array.from(sized, ({ records }) => records)
  const usual = median(sizes)
  return farAbove(sizes, leastLarger)
    .flatMap((i) => sized[i] ?? [])
    .filter(({ records }) => records - usual >= leastMore)
    .toSorted((a, b) => b.records - a.records)
    .map(({ batch, records }): Anomaly => {
      const sentence =
        `Batch ${batch} has ${counted(records)} records, ${times(records / usual)} times as many as its fellows ` +
        `have in the median (${counted(Math.round(usual))}).`
      const figures = { records, median: usual, batches: sized.length }
      return { kind: 'large-batch', subject: batch, sentence, figures }
    })
}
