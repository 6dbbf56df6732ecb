import type { StageKind } from '../../contract/stages.ts'
import { anomalyCount } from '../anomalies/words.ts'
import type { Percentile } from '../definition/criteria.ts'
import type { Criterion } from '../definition/criterion-list.ts'
import type { FigureName } from '../definition/figure-traits.ts'
import type { StageSummary } from '../evidence.ts'
import { total } from '../ledger.ts'
import { completeness, errorRate, found, ledgerOf, share } from './shares.ts'
import { isClosing, isJudgedAt, secondsOf } from './stage-facts.ts'

const ofOwnBatches: readonly FigureName[] = [
  'accuracy',
  'fieldAccuracy',
  'errorRate',
  'controlSums',
  'recordsPerSecond',
  'batchSeconds',
]

/**
 * Whether a figure says something about a stage. A `full` for which earlier stages left no batch has none of its
 * own that could be compared or timed.
 */
export function applies(figure: FigureName, kind: StageKind, summary: StageSummary): boolean {
  if (figure === 'unexpected' && summary.reconciliation.wholeTarget !== undefined) return true
  return isJudgedAt(figure, kind) && !(ofOwnBatches.includes(figure) && isClosing(kind, summary))
}

/** The figure, or `null` where what it is made of is not there. */
export function figure(
  { name, of = '' }: Pick<Criterion, 'name' | 'of'>,
  kind: StageKind,
  summary: StageSummary,
): number | null {
  const { reconciliation, batches, records } = summary
  const ledger = ledgerOf(kind, summary)
  switch (name) {
    case 'completeness':
      return completeness(kind, summary)
    case 'accuracy':
      return share(found(summary) - reconciliation.different, found(summary))
    case 'fieldAccuracy':
      return share(found(summary) - (countOf(reconciliation.fields, of) ?? 0), found(summary))
    case 'errorRate':
      return errorRate(kind, summary)
    case 'quarantineRate':
      return share(total(ledger.quarantined), ledger.extracted)
    case 'quarantineRateOf':
      return share(countOf(ledger.quarantined, of) ?? 0, ledger.extracted)
    case 'conflicts':
      return ledger.conflicted
    case 'unexpected':
      return reconciliation.wholeTarget ? reconciliation.unexpected : null
    case 'failedBatches':
      return batches.failed
    case 'controlSums':
      return groupsOff(of, summary)
    case 'anomalies':
      return summary.anomalies ? anomalyCount(summary.anomalies) : null
    case 'recordsPerSecond':
      return perSecond(records, secondsOf(summary))
    case 'batchSeconds':
      return summary.batchSeconds?.[of as Percentile] ?? null
    case 'duration':
      return secondsOf(summary)
  }
}

const countOf = (counts: Readonly<Record<string, number>>, name: string) =>
  Object.hasOwn(counts, name) ? counts[name] : undefined

/** A sum over no record says nothing. */
function groupsOff(name: string, { controlSums }: StageSummary): number | null {
  const sum = controlSums?.find((one) => one.name === name)
  return sum === undefined || sum.groups === 0 ? null : sum.off
}

const perSecond = (records: number, seconds: number | null) =>
  seconds === null || seconds === 0 ? null : records / seconds
