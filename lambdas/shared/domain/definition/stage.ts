import type { StageKind } from '../../contract/stages.ts'

/** A stage of the rollout. `id` names it in inputs, checkpoints and pages. */
export interface StageSpec {
  readonly kind: StageKind
  readonly id: string
  /** Share of all batches that are loaded once this stage has passed, 0 to 1. */
  readonly share: number
}

/** Everything but the write: plans, maps every record, finds duplicate keys, measures. */
export function rehearse(): StageSpec {
  return { kind: 'rehearse', id: 'rehearse', share: 0 }
}

/** The first load, of a small representative share of the batches. */
export function pilot(options: { readonly share: number }): StageSpec {
  return { kind: 'pilot', id: 'pilot', share: options.share }
}

/** A further share; `id` is `ramp-25` for a share of 0.25. */
export function ramp(options: { readonly share: number }): StageSpec {
  return {
    kind: 'ramp',
    id: `ramp-${String(Math.round(options.share * 1e4) / 100).replace('.', '-')}`,
    ...options,
  }
}

/** All that is left, and the check of the whole target scope. */
export function full(): StageSpec {
  return { kind: 'full', id: 'full', share: 1 }
}
