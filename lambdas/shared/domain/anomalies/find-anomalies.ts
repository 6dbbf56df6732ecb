import { anomalyKinds, type Anomaly } from '../evidence.ts'
import type { StageProfile } from '../profile/stage-profile.ts'
import type { BatchFacts } from './batch-facts.ts'
import { batchAnomalies } from './batches.ts'
import { columnAnomalies, headerAnomalies } from './columns.ts'
import { distinctAnomalies } from './distinct.ts'
import { reasonAnomalies } from './reasons.ts'
import { valueAnomalies } from './values.ts'
import { volumeAnomalies } from './volume.ts'
import type { Seen } from './words.ts'

export interface Compared {
  readonly seen: Seen
  /** What was seen; absent where it tells nothing, or nobody kept it. */
  readonly before: StageProfile | undefined
  readonly now: StageProfile | undefined
  /** Quarantined records by reason, as seen; absent: there is nothing to compare with. */
  readonly reasonsBefore: Readonly<Record<string, number>> | undefined
  readonly reasons: Readonly<Record<string, number>>
}

/** All that is unlike the rest, or unlike what was seen before, in the order of the kinds. */
export function findAnomalies(
  { seen, before, now, reasonsBefore, reasons }: Compared,
  facts: BatchFacts,
): Anomaly[] {
  const found = [
    ...(now ? headerAnomalies(now) : []),
    ...(before && now ? shapeAnomalies(before, now, seen) : []),
    ...batchAnomalies(facts),
    ...(reasonsBefore ? reasonAnomalies(reasonsBefore, reasons, seen) : []),
  ]
  return anomalyKinds.flatMap((kind) => found.filter((anomaly) => anomaly.kind === kind))
}

/** How the shape of a source differs from what was seen. */
export function shapeAnomalies(before: StageProfile, now: StageProfile, seen: Seen): Anomaly[] {
  return [
    ...columnAnomalies(before, now, seen),
    ...valueAnomalies(before, now, seen),
    ...distinctAnomalies(before, now, seen),
    ...volumeAnomalies(before, now, seen),
  ]
}
