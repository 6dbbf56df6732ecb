import type { Peaks } from './measured-run.ts'

export const mostMiB = 256
/** How much more memory a function may take for the largest source than for the smallest. */
export const mostGrowth = 1.1

export interface Measurement {
  readonly rows: number
  readonly peaks: Peaks
}

export interface FunctionPeaks {
  readonly name: string
  /** MiB, in the order of the measurements. */
  readonly peaks: readonly number[]
  /** Of the last measurement to the first. */
  readonly growth: number
  readonly isWithin: boolean
}

/** What each function took for a source of one size and of the others, smallest first; the largest consumer first. */
export function judgePeaks(measurements: readonly Measurement[]): FunctionPeaks[] {
  const names = new Set(measurements.flatMap(({ peaks }) => Object.keys(peaks)))
  return [...names]
    .map((name): FunctionPeaks => {
      const peaks = measurements.map((one) => one.peaks[name] ?? Number.NaN)
      const growth = (peaks.at(-1) ?? Number.NaN) / (peaks[0] ?? Number.NaN)
      // A function that did not run in one of them was not measured: that is no pass.
      const isWithin = growth <= mostGrowth && peaks.every((peak) => peak <= mostMiB)
      return { name, peaks, growth, isWithin }
    })
    .toSorted((a, b) => Math.max(...b.peaks) - Math.max(...a.peaks))
}
