/** The value in the middle; the mean of the two where there are two. */
export function median(values: Float64Array): number {
  const sorted = values.toSorted()
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/** Fewer say nothing about what is usual. */
const fewestFellows = 8
/** The median absolute deviation of a normal distribution, in standard deviations. */
const deviationOfNormal = 0.6745
/** A tenth up or down is no difference, however alike the others are. */
const leastDeviation = Math.log(1.1)

/**
 * Which of the ratios are far above the others: the modified z-score (0.6745 · distance from the median / median
 * absolute deviation) of their logarithms, because times and sizes vary by factors. How far is far grows with how many
 * there are, as the largest of many does by chance alone, and never is less than a factor.
 */
export function farAbove(ratios: Float64Array, leastFactor: number): number[] {
  if (ratios.length < fewestFellows) return []
  const logs = ratios.map((ratio) => Math.log(Math.max(ratio, Number.MIN_VALUE)))
  const middle = median(logs)
  const deviation = Math.max(leastDeviation, median(logs.map((log) => Math.abs(log - middle))))
  const score = 2.5 + Math.sqrt(2 * Math.log(ratios.length))
  const least = Math.max(Math.log(leastFactor), (score * deviation) / deviationOfNormal)
  return [...logs.keys()].filter((i) => (logs[i] ?? 0) - middle > least)
}
