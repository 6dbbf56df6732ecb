import type { Tally } from '../profile/stage-profile.ts'

/** A share as it was counted: `tally.count` of `whole`, over so many batches. */
export interface CountedShare {
  readonly tally: Tally
  readonly whole: number
  readonly batches: number
}

/** Of a normal distribution, 1 in 16,000 lies so far out: a few hundred comparisons a stage raise no false alarm. */
const standardErrors = 4
/**
 * Least effect, as the difference of the angles 2·asin(√share) ("Cohen's h"; 0.2 is called small): five points at
 * one half, a quarter of a point from none.
 */
const leastEffect = 0.1
/** So many records are expected before none of them, or any of them, is taken for a change. */
const leastExpected = 10

/**
 * Whether a share moved further than chance explains, and far enough to matter. Two proportions are compared; their
 * variance is that between the batches, where it is larger than that of records drawn one by one, because records
 * that lie together are alike. What was in no record and now is, or the other way round, needs no variance.
 */
export function hasMoved(before: CountedShare, now: CountedShare): boolean {
  if (before.whole === 0 || now.whole === 0) return false
  const was = before.tally.count / before.whole
  const is = now.tally.count / now.whole
  if (Math.abs(angle(is) - angle(was)) < leastEffect) return false
  if (isNews(before, now) || isNews(now, before)) return true
  const pooled = (before.tally.count + now.tally.count) / (before.whole + now.whole)
  const error = Math.sqrt(variance(before, pooled) / before.whole + variance(now, pooled) / now.whole)
  return Math.abs(is - was) >= standardErrors * error
}

const angle = (share: number) => 2 * Math.asin(Math.sqrt(share))

/** None, or all, of many records in one; in the other so many otherwise that chance does not explain it. */
function isNews(one: CountedShare, other: CountedShare): boolean {
  const share = other.tally.count / other.whole
  if (one.tally.count === 0) return share * one.whole >= leastExpected
  return one.tally.count === one.whole && (1 - share) * one.whole >= leastExpected
}

/** Per record. Between batches: the sum of whole · (share − mean)² over them, from the spread. */
function variance({ tally: { count, spread }, whole, batches }: CountedShare, pooled: number): number {
  const drawn = pooled * (1 - pooled)
  if (batches < 2) return drawn
  const between = Math.max(0, spread - (count * count) / whole) / (batches - 1)
  return Math.max(drawn, between)
}
