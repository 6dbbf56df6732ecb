import { steps, type Step } from '../checkpoint.ts'
import type { Effort, StageSummary } from '../evidence.ts'
import { transitions } from './assumptions.ts'
import { readUnitsOf, requestsOf, type Circumstances, type StageWork } from './stage-work.ts'
import { milliseconds, pricedUnits } from './units.ts'

type Done = Pick<StageSummary, 'startedAt' | 'endedAt' | 'records' | 'ledger' | 'reconciliation' | 'batches'>

/**
 * What a stage took: time as it was measured, units of the target by the size of the items that were written and read.
 * Calls that were repeated after a failure count with their time alone.
 */
export function actualEffort(
  work: StageWork,
  done: Done,
  spent: Readonly<Record<Step, number>>,
  { memoryMiB, readsFirst }: Circumstances,
): Effort {
  const { ledger, reconciliation, batches } = done
  const items = Math.max(1, work.mapped.records)
  const touched = batches.done + batches.failed
  const units = {
    writeUnits: Math.round((work.mapped.writeUnits * (ledger.loaded + ledger.conflicted)) / items),
    readUnits: readUnitsOf(
      { readUnits: work.mapped.readUnits, comparedShare: reconciliation.compared / items },
      work.scannedBytes,
      readsFirst,
    ),
    gigabyteSeconds: steps.reduce((sum, step) => sum + (spent[step] * memoryMiB[step]) / 1_024 / 1_000, 0),
    requests: requestsOf(touched, 4),
    transitions: touched * transitions.ofBatch + transitions.ofStage,
  }
  const seconds = (Date.parse(done.endedAt) - Date.parse(done.startedAt)) / 1_000
  return {
    ...{ stage: work.stage, records: done.records, seconds: milliseconds(Math.max(0, seconds)) },
    ...pricedUnits(units),
  }
}
