import type { QuarantineReason } from '../quarantine-reasons.ts'
import type { ControlSumSpec } from './control-sum.ts'
import { atMost, exactly, type Limit } from './limit.ts'

export const percentiles = ['p50', 'p90', 'p95', 'p99', 'max'] as const
export type Percentile = (typeof percentiles)[number]

/** Limits by the figures of `figureTraits`; those of several subjects by field, reason, percentile or name. */
export interface Criteria<Field extends string = string> {
  readonly completeness?: Limit
  readonly accuracy?: Limit
  readonly fieldAccuracy?: { readonly [field in Field]?: Limit }
  readonly errorRate?: Limit
  readonly quarantineRate?: Limit
  readonly quarantineRateOf?: { readonly [reason in QuarantineReason]?: Limit }
  readonly conflicts?: Limit
  readonly unexpected?: Limit
  readonly failedBatches?: Limit
  readonly controlSums?: Readonly<Record<string, ControlSumSpec<Field>>>
  readonly anomalies?: Limit
  readonly recordsPerSecond?: Limit
  readonly batchSeconds?: { readonly [percentile in Percentile]?: Limit }
  readonly duration?: Limit
}

/** Control sums are computed while a stage reconciles, from its first batch on: they are the segment's alone. */
export type StageCriteria = Omit<Criteria, 'controlSums'>

/** What holds where a migration does not say otherwise: nothing wrong is acceptable. */
export const defaultCriteria = {
  completeness: exactly(1),
  accuracy: exactly(1),
  quarantineRate: atMost(0),
  conflicts: exactly(0),
  unexpected: exactly(0),
  failedBatches: exactly(0),
} satisfies Criteria
