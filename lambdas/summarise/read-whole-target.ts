import pMap from 'p-map'
import type { Segment } from '../shared/domain/definition/segment.ts'
import type { Difference, Reconciliation } from '../shared/domain/evidence.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { wholeTargetPart } from '../shared/domain/whole-target.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'

interface InManifest {
  readonly migration: string
  readonly segment: string
  readonly manifest: string
}

interface WholeTarget {
  readonly figures: Pick<Reconciliation, 'wholeTarget'>
  readonly unexpected: number
  readonly examples: readonly Difference[]
}

/**
 * What the comparison of the whole target scope came to. Where the target held records before, those that the
 * source does not explain are foreign, and nobody's fault.
 */
export async function readWholeTarget(
  archive: ObjectStore,
  at: InManifest,
  run: string,
  partitions: number,
  { target }: Segment,
): Promise<WholeTarget> {
  const keys = Array.from({ length: partitions }, (_, partition) =>
    archiveKeys.wholeTarget(at, run, partition),
  )
  const parts = await pMap(keys, (key) => readJson(archive, key, wholeTargetPart), { concurrency: 32 })
  const counted = parts.reduce((sum, part) => sum + part.counted, 0)
  const explained = parts.reduce((sum, part) => sum + part.explained, 0)
  const judged = target.holds === 'empty'
  const examples = parts.flatMap((part) => part.examples).slice(0, 20)
  return {
    figures: { wholeTarget: { counted, explained } },
    unexpected: judged ? counted - explained : 0,
    examples: judged ? examples.map((key) => ({ kind: 'unexpected', key })) : [],
  }
}
