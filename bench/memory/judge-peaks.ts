import type { Peaks } from './measured-run.ts'

export const mostMiB = 256
/** How much more the largest function may take for the largest source than for the smallest. */
export const mostGrowth = 1.1

export interface Measurement {
  readonly rows: number
  readonly peaks: Peaks
}

/** What a function took for each source, or the largest function of each. */
export interface Course {
  readonly name: string
  /** MiB, in the order of the measurements; NaN where it did not run. */
  readonly peaks: readonly number[]
  /** Of the last measurement to the first. */
  readonly growth: number
}

export interface Judgement {
  /** The largest first. */
  readonly functions: readonly Course[]
  readonly peak: Course
  /** What is beyond a limit, each in a sentence. */
  readonly complaints: readonly string[]
}

/**
 * Judges what each function took for sources of several sizes, smallest first: none may exceed `mostMiB`, and the peak
 * may not grow by more than `mostGrowth`. A small function may grow: with a small source it does not fill the young
 * generation of its heap, which with a large one it does.
 */
export function judgePeaks(measurements: readonly Measurement[]): Judgement {
  const names = new Set(measurements.flatMap(({ peaks }) => Object.keys(peaks)))
  const functions = [...names]
    .map((name) =>
      courseOf(
        name,
        measurements.map(({ peaks }) => peaks[name] ?? Number.NaN),
      ),
    )
    .toSorted((a, b) => Math.max(...b.peaks) - Math.max(...a.peaks))
  const peak = courseOf(
    'the largest of them',
    measurements.map(({ peaks }) => Math.max(...Object.values(peaks))),
  )
  const complaints = functions.flatMap(({ name, peaks }) => {
    // What was not measured is no pass.
    if (peaks.some(Number.isNaN)) return [`${name} did not run with each source.`]
    return peaks.every((one) => one <= mostMiB) ? [] : [`${name} took more than ${mostMiB} MiB.`]
  })
  if (!(peak.growth <= mostGrowth)) complaints.push(`The peak grew to its ${peak.growth.toFixed(3)}-fold.`)
  return { functions, peak, complaints }
}

const courseOf = (name: string, peaks: readonly number[]): Course => ({
  ...{ name, peaks },
  growth: (peaks.at(-1) ?? Number.NaN) / (peaks[0] ?? Number.NaN),
})
