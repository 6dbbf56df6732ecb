import type { StageKind } from '../../contract/stages.ts'
import type { FigureName } from '../definition/figure-traits.ts'
import type { StageSummary } from '../evidence.ts'

/** Whether stages of a kind have a figure at all: rehearse writes nothing, so it has none of the target. */
export function isJudgedAt(figure: FigureName, kind: StageKind): boolean {
  switch (figure) {
    case 'completeness':
    case 'accuracy':
    case 'fieldAccuracy':
    case 'conflicts':
    case 'controlSums':
      return kind !== 'rehearse'
    case 'unexpected':
      return kind === 'full'
    default:
      return true
  }
}

/** A `full` that has no batch of its own left closes the rollout, and is judged by all of it. */
export function isClosing(kind: StageKind, { batches }: StageSummary): boolean {
  return kind === 'full' && batches.total === 0
}

/** Records that the stage answers for: its own, and at `full` those of the whole manifest. */
export function recordsOf(kind: StageKind, { records, rollout }: StageSummary): number {
  return kind === 'full' && rollout ? rollout.ledger.extracted : records
}

/** How long the stage took; not known where its clocks contradict each other. */
export function secondsOf({ startedAt, endedAt }: StageSummary): number | null {
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000
  return seconds >= 0 ? seconds : null
}
