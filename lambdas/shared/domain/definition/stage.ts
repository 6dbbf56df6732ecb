import type { StageKind } from '../../contract/stages.ts'
import type { Criteria, StageCriteria } from './criteria.ts'

/** A stage of the rollout. `id` names it in inputs, checkpoints and pages. */
export interface StageSpec {
  readonly kind: StageKind
  readonly id: string
  /** Share of all batches that are loaded once this stage has passed, 0 to 1. */
  readonly share: number
  /** Criteria of this stage alone; each takes the place of the segment's. */
  readonly criteria?: StageCriteria
}

interface StageOptions {
  readonly criteria?: StageCriteria
}
interface ShareOptions extends StageOptions {
  readonly share: number
}

/** Everything but the write: plans, maps every record, finds duplicate keys, measures. */
export function rehearse(options: StageOptions = {}): StageSpec {
  return { kind: 'rehearse', id: 'rehearse', share: 0, ...options }
}

/** The first load, of a small representative share of the batches. */
export function pilot(options: ShareOptions): StageSpec {
  return { kind: 'pilot', id: 'pilot', ...options }
}

/** A further share; `id` is `ramp-25` for a share of 0.25. */
export function ramp(options: ShareOptions): StageSpec {
  return {
    kind: 'ramp',
    id: `ramp-${String(Math.round(options.share * 1e4) / 100).replace('.', '-')}`,
    ...options,
  }
}

/** All that is left, and the check of the whole target scope. */
export function full(options: StageOptions = {}): StageSpec {
  return { kind: 'full', id: 'full', share: 1, ...options }
}

/** What a stage of a segment is judged by, but for the defaults. */
export function criteriaOf(segment: { readonly criteria: Criteria }, stage: StageSpec): Criteria {
  const { criteria: own = {} } = stage
  const { criteria } = segment
  return {
    ...criteria,
    ...own,
    fieldAccuracy: { ...criteria.fieldAccuracy, ...own.fieldAccuracy },
    quarantineRateOf: { ...criteria.quarantineRateOf, ...own.quarantineRateOf },
    batchSeconds: { ...criteria.batchSeconds, ...own.batchSeconds },
  }
}
