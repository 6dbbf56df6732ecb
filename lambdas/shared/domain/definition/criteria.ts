/** A limit on one figure. Beyond `breachAt` the verdict is `breach`: stop, and consider what was loaded. */
export interface Limit {
  readonly is: 'atLeast' | 'atMost' | 'exactly'
  readonly limit: number
  readonly breachAt?: number
}

interface LimitOptions {
  readonly breachAt?: number
}

export const atLeast = (limit: number, options: LimitOptions = {}): Limit => ({
  is: 'atLeast',
  limit,
  ...options,
})
export const atMost = (limit: number, options: LimitOptions = {}): Limit => ({
  is: 'atMost',
  limit,
  ...options,
})
export const exactly = (limit: number): Limit => ({ is: 'exactly', limit })

/** The figures that a stage can be judged by; each is computed from checkpoints alone. */
export const figureNames = {
  completeness: 'records found in the target, of those mapped',
  accuracy: 'records equal in every field, of those found in the target',
  quarantineRate: 'records quarantined, of those extracted',
  conflicts: 'records that the target held in a state nobody expected',
  unexpected: 'records in the target that the source does not explain',
  failedBatches: 'batches that failed on their data',
} as const
export type FigureName = keyof typeof figureNames

export type Criteria = { readonly [figure in FigureName]?: Limit }

/** What holds where a migration does not say otherwise: nothing wrong is acceptable. */
export const defaultCriteria = {
  completeness: exactly(1),
  accuracy: exactly(1),
  quarantineRate: atMost(0),
  conflicts: exactly(0),
  unexpected: exactly(0),
  failedBatches: exactly(0),
} satisfies Criteria
