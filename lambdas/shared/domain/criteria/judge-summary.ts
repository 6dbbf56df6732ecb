import type { StageKind, Verdict } from '../../contract/stages.ts'
import type { Criteria } from '../definition/criteria.ts'
import { criterionList, figureOf } from '../definition/criterion-list.ts'
import { figureTraits } from '../definition/figure-traits.ts'
import type { Limit } from '../definition/limit.ts'
import type { JudgedCriterion, StageSummary } from '../evidence.ts'
import { noOpenEnds, openEndsOf } from '../ledger.ts'
import { applies, figure } from './figures.ts'
import { judgeFigure, worst } from './judge-figure.ts'
import { recordsOf } from './stage-facts.ts'

export interface StageVerdict {
  readonly criteria: JudgedCriterion[]
  readonly verdict: Verdict
}

/**
 * Judges what a stage left behind: what always holds, then every criterion that applies to a stage of this
 * kind, with the default where the migration is silent. One that is not met, or not known, is not passed.
 */
export function judgeSummary(summary: StageSummary, kind: StageKind, criteria: Criteria): StageVerdict {
  const judged = [...builtIn(summary, kind), ...chosen(summary, kind, criteria)]
  return { criteria: judged, verdict: worst(judged.map(({ verdict }) => verdict)) }
}

/** What holds for every stage; a migration cannot loosen it. */
function builtIn(summary: StageSummary, kind: StageKind): JudgedCriterion[] {
  const { batches } = summary
  const records = recordsOf(kind, summary)
  return [
    judged('records', 'records that the stage covers', records, { is: 'atLeast', limit: 1 }),
    judged('unfinishedBatches', 'batches that are neither done nor failed', batches.unfinished, nothing),
    judged('ledgerGap', 'records that the ledger does not account for', ledgerGap(summary, kind), nothing),
  ]
}

const nothing: Limit = { is: 'exactly', limit: 0 }

/** Failed batches have open ends, and criteria of their own. */
function ledgerGap({ ledger, openEnds: failed = noOpenEnds }: StageSummary, kind: StageKind): number {
  const all = openEndsOf(ledger, kind !== 'rehearse')
  return Math.abs(all.unsorted - failed.unsorted) + Math.abs(all.unwritten - failed.unwritten)
}

function chosen(summary: StageSummary, kind: StageKind, criteria: Criteria): JudgedCriterion[] {
  return criterionList(criteria)
    .filter(({ name }) => applies(name, kind, summary))
    .map((one) =>
      judged(figureOf(one), figureTraits[one.name].meaning, figure(one, kind, summary), one.limit),
    )
}

function judged(name: string, meaning: string, actual: number | null, limit: Limit): JudgedCriterion {
  return { figure: name, meaning, ...limit, actual, verdict: judgeFigure(actual, limit) }
}
