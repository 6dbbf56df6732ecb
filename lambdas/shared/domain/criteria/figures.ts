import type { StageKind } from '../../contract/stages.ts'
import { figureNames, type FigureName } from '../definition/criteria.ts'
import type { StageSummary } from '../evidence.ts'
import { total, type Ledger } from '../ledger.ts'

export const figureList = Object.keys(figureNames) as FigureName[]

/**
 * Whether a figure says something about a stage. Rehearse writes nothing, so it has no figures of the target;
 * a `full` for which earlier stages left no batch has compared none itself.
 */
export function applies(figure: FigureName, kind: StageKind, summary: StageSummary): boolean {
  switch (figure) {
    case 'quarantineRate':
    case 'failedBatches':
      return true
    case 'completeness':
    case 'conflicts':
      return kind !== 'rehearse'
    case 'accuracy':
      return kind !== 'rehearse' && !isClosing(kind, summary)
    case 'unexpected':
      return kind === 'full' || summary.reconciliation.wholeTarget !== undefined
  }
}

/** The figure, or `null` where what it is made of is not there. */
export function figure(name: FigureName, kind: StageKind, summary: StageSummary): number | null {
  const { reconciliation, batches } = summary
  const ledger = ledgerOf(kind, summary)
  switch (name) {
    case 'completeness':
      return completeness(kind, summary)
    case 'accuracy':
      return share(found(summary) - reconciliation.different, found(summary))
    case 'quarantineRate':
      return share(total(ledger.quarantined), ledger.extracted)
    case 'conflicts':
      return ledger.conflicted
    case 'unexpected':
      return reconciliation.wholeTarget ? reconciliation.unexpected : null
    case 'failedBatches':
      return batches.failed
  }
}

/** Records that the stage answers for: its own, and at `full` those of the whole manifest. */
export function recordsOf(kind: StageKind, { records, rollout }: StageSummary): number {
  return kind === 'full' && rollout ? rollout.ledger.extracted : records
}

/** A `full` that has no batch of its own left closes the rollout, and is judged by all of it. */
function isClosing(kind: StageKind, { batches }: StageSummary): boolean {
  return kind === 'full' && batches.total === 0
}

function ledgerOf(kind: StageKind, summary: StageSummary): Ledger {
  return isClosing(kind, summary) && summary.rollout ? summary.rollout.ledger : summary.ledger
}

const found = ({ reconciliation }: StageSummary) => reconciliation.compared - reconciliation.missing

/** Of the stage's own batches; where the whole target was counted, also of all: what was lost since counts. */
function completeness(kind: StageKind, summary: StageSummary): number | null {
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

/** A part beyond its whole, or of nothing, is no share: whoever counted was wrong, or did not count. */
function share(part: number, whole: number): number | null {
  return whole > 0 && part >= 0 && part <= whole ? part / whole : null
}
