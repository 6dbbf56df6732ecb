import type { Effort } from '../evidence.ts'
import { assumptions, transitions } from './assumptions.ts'
import { readUnitsOf, requestsOf, type Circumstances, type Rehearsed, type StageWork } from './stage-work.ts'
import { milliseconds, pricedUnits } from './units.ts'

/**
 * What a later stage will take. What was staged at rehearse is used again, so a stage loads and reconciles: reading
 * and mapping take as long as rehearse took to do it a second time, and the target what `assumptions` say.
 */
export function forecastStage(work: StageWork, rehearsed: Rehearsed, around: Circumstances): Effort {
  const { batches, records, mapped, scannedBytes } = work
  const pace = paceOf(rehearsed, around)
  const lanes = Math.max(1, Math.min(pace.lanes, batches))
  const loading = Math.max(
    mapped.records / assumptions.writesPerFunction / lanes,
    mapped.writeUnits / assumptions.writeUnitsOfTable,
  )
  const reconciled = records * pace.reconcileSeconds + mapped.records / assumptions.readsPerFunction
  const seconds = batches === 0 ? 0 : pace.overhead + loading + reconciled / lanes
  const { memoryMiB, readsFirst } = around
  const units = {
    writeUnits: mapped.writeUnits,
    readUnits: readUnitsOf({ ...mapped, comparedShare: 1 }, scannedBytes, readsFirst),
    // A function that waits for a table that takes no more is paid for as well.
    gigabyteSeconds: (lanes * loading * memoryMiB.load + reconciled * memoryMiB.reconcile) / 1_024,
    requests: requestsOf(batches, 4),
    transitions: batches * transitions.ofBatch + transitions.ofStage,
  }
  return { stage: work.stage, records, seconds: milliseconds(seconds), ...pricedUnits(units) }
}

interface Pace {
  /** Batches that really were worked on at once. */
  readonly lanes: number
  /** Seconds of the stage in which no batch was worked on: it starts, plans, adds up. */
  readonly overhead: number
  /** Function seconds per record. */
  readonly reconcileSeconds: number
}

function paceOf({ records, seconds, milliseconds: spent }: Rehearsed, { concurrency }: Circumstances): Pace {
  const worked = (spent.extract + spent.transform + spent.reconcile) / 1_000
  const lanes = Math.min(concurrency, Math.max(1, worked / Math.max(seconds, 0.001)))
  return {
    lanes,
    overhead: Math.max(0, seconds - worked / lanes),
    reconcileSeconds: spent.reconcile / 1_000 / Math.max(1, records),
  }
}
