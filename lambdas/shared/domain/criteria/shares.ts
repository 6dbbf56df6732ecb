import type { StageKind } from '../../contract/stages.ts'
import type { StageSummary } from '../evidence.ts'
import { total, type Ledger } from '../ledger.ts'
import { isClosing } from './stage-facts.ts'

/** A part beyond its whole, or of nothing, is no share: whoever counted was wrong, or did not count. */
export function share(part: number, whole: number): number | null {
  return whole > 0 && part >= 0 && part <= whole ? part / whole : null
}

/** What the stage is judged by: its own records, or, where it closes the rollout, all. */
export function ledgerOf(kind: StageKind, summary: StageSummary): Ledger {
  return isClosing(kind, summary) && summary.rollout ? summary.rollout.ledger : summary.ledger
}

/** Records that a fresh read of the target has. */
export const found = ({ reconciliation }: StageSummary) => reconciliation.compared - reconciliation.missing

/** Of the stage's own batches; where the whole target was counted, also of all: what was lost since counts. */
export function completeness(kind: StageKind, summary: StageSummary): number | null {
  const { reconciliation, ledger, rollout } = summary
  const shares: (number | null)[] = []
  if (!isClosing(kind, summary)) shares.push(share(found(summary), ledger.mapped))
  if (reconciliation.wholeTarget && rollout) {
    const { mapped } = rollout.ledger
    shares.push(share(Math.min(reconciliation.wholeTarget.explained, mapped), mapped))
  }
  const known = shares.filter((one) => one !== null)
  return known.length === 0 || known.length < shares.length ? null : Math.min(...known)
}

/** Quarantined, missing, different, and what nobody compared because its batch failed; left out on purpose is no error. */
export function errorRate(kind: StageKind, summary: StageSummary): number | null {
  const { ledger, reconciliation } = summary
  const right = kind === 'rehearse' ? ledger.mapped : found(summary) - reconciliation.different
  if (right < 0) return null
  return share(ledger.extracted - total(ledger.filtered) - right, ledger.extracted)
}
