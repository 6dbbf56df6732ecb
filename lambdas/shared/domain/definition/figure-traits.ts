import type { Criteria } from './criteria.ts'

export type FigureName = keyof Criteria

export interface FigureTraits {
  /** What it counts, in words. */
  readonly meaning: string
  readonly unit: 'share' | 'count' | 'seconds' | 'records per second'
  /** Which way it gets better; only a limit on its other side makes sense. */
  readonly better: 'more' | 'less'
}

const share = (better: 'more' | 'less', meaning: string): FigureTraits => ({ meaning, unit: 'share', better })
const count = (meaning: string): FigureTraits => ({ meaning, unit: 'count', better: 'less' })

/** The figures that a stage can be judged by, in the order in which they are shown. */
export const figureTraits: Readonly<Record<FigureName, FigureTraits>> = {
  completeness: share('more', 'records found in the target, of those mapped'),
  accuracy: share('more', 'records equal in every field, of those found in the target'),
  fieldAccuracy: share('more', 'records equal in this field, of those found in the target'),
  errorRate: share('less', 'records that did not arrive as the mapping makes them, of those extracted'),
  quarantineRate: share('less', 'records quarantined, of those extracted'),
  quarantineRateOf: share('less', 'records quarantined for this reason, of those extracted'),
  conflicts: count('records that the target held in a state nobody expected'),
  unexpected: count('records in the target that the source does not explain'),
  failedBatches: count('batches that failed on their data'),
  controlSums: count('groups whose count, sum, least or greatest value is off'),
  anomalies: count('things unlike the rest, or unlike what rehearse saw'),
  recordsPerSecond: {
    meaning: 'records that the stage covers, by its duration',
    unit: 'records per second',
    better: 'more',
  },
  batchSeconds: { meaning: 'time spent on a batch, over all its steps', unit: 'seconds', better: 'less' },
  duration: {
    meaning: 'time from the beginning of the stage to its summary',
    unit: 'seconds',
    better: 'less',
  },
}

/** `fieldAccuracy.name` is the `fieldAccuracy` of `name`. */
export function partsOf(figure: string): { readonly name: string; readonly of?: string } {
  const at = figure.indexOf('.')
  return at < 0 ? { name: figure } : { name: figure.slice(0, at), of: figure.slice(at + 1) }
}
