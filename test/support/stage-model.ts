import type { StageKind } from '../../lambdas/shared/contract/stages.ts'
import type { BatchSeconds, StageSummary } from '../../lambdas/shared/domain/evidence.ts'
import type { Ledger } from '../../lambdas/shared/domain/ledger.ts'
import { pilotSummary } from './stage-summaries.ts'

/** A stage by what became of its records, and what was measured of it; `undefined`: nobody measured it. */
export interface StageModel {
  readonly kind: StageKind
  /** A `full` for which earlier stages left no batch: the records are those of the whole rollout. */
  readonly closes: boolean
  readonly right: number
  /** Records that differ in `size` alone, in `note` alone, in both. */
  readonly different: { readonly size: number; readonly note: number; readonly both: number }
  readonly missing: number
  /** Mapped, and compared by nobody. */
  readonly uncompared: number
  readonly quarantined: { readonly RaggedRow: number; readonly SourceContract: number }
  readonly filtered: number
  readonly conflicted: number
  readonly gap: number
  /** Of the whole target; both are counted only at `full`. */
  readonly unexpected: number
  readonly lost: number
  readonly countsTarget: boolean
  readonly failedBatches: number
  readonly unfinishedBatches: number
  readonly seconds: number
  readonly groupsOff: number | undefined
  readonly anomalies: number | undefined
  readonly batchSeconds: BatchSeconds | undefined
}

export const sizesOf = (model: StageModel) => {
  const { right, different, missing, uncompared, quarantined, filtered } = model
  const differing = different.size + different.note + different.both
  const found = right + differing
  const mapped = found + missing + uncompared
  const quarantine = quarantined.RaggedRow + quarantined.SourceContract
  return { differing, found, mapped, quarantine, extracted: mapped + quarantine + filtered }
}

/** What summarise would leave of it. */
export function summaryOf(model: StageModel): StageSummary {
  const { kind, closes, different, missing, gap, seconds, groupsOff, anomalies, batchSeconds } = model
  const { differing, found, mapped, extracted } = sizesOf(model)
  const loads = kind !== 'rehearse'
  const conflicted = loads ? Math.min(model.conflicted, mapped) : 0
  const ledger: Ledger = {
    ...{ extracted, mapped, filtered: { old: model.filtered }, quarantined: model.quarantined },
    ...{ loaded: loads ? mapped - conflicted + gap : gap, unchanged: 0, conflicted },
  }
  const compared = { compared: found + missing, missing, different: differing }
  const fields = { size: different.size + different.both, note: different.note + different.both }
  const own = loads && !closes ? { ...compared, fields } : { ...nothing, fields: {} }
  const explained = Math.max(0, mapped - model.lost)
  const counted = explained + model.unexpected
  const sums = { count: found, sum: '1', min: '1', max: '1' }
  return pilotSummary({
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(),
    batches: batchesOf(model),
    records: closes ? 0 : extracted,
    ledger: closes ? emptied(ledger) : ledger,
    reconciliation: {
      ...own,
      unexpected: model.unexpected,
      ...(model.countsTarget && kind === 'full' && { wholeTarget: { counted, explained } }),
    },
    rollout: { batches: 5, of: 5, records: mapped, ledger },
    ...(groupsOff !== undefined && {
      controlSums: [{ name: 'sizes', field: 'size', tolerance: 0, expected: sums, actual: sums }].map(
        (sum) => ({ ...sum, groups: 10, off: groupsOff, examples: [] }),
      ),
    }),
    ...(anomalies !== undefined && {
      anomalies: Array.from({ length: anomalies }, () => ({
        ...{ kind: 'volume', subject: 'source', sentence: 'more', figures: {} },
      })),
    }),
    ...(batchSeconds && { batchSeconds }),
  })
}

const nothing = { compared: 0, missing: 0, different: 0 }

const emptied = (ledger: Ledger): Ledger => ({
  ...ledger,
  ...{ extracted: 0, mapped: 0, filtered: {}, quarantined: {}, loaded: 0, conflicted: 0 },
})

function batchesOf({ closes, failedBatches: failed, unfinishedBatches: unfinished }: StageModel) {
  return closes
    ? { total: 0, done: 0, failed, unfinished }
    : { total: failed + unfinished + 3, done: 3, failed, unfinished }
}
