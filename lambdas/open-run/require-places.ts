import type { Migration } from '../shared/domain/definition/migration.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { hasPassed, type StageRecord } from '../shared/domain/stage-record.ts'
import type { StageNode } from '../shared/domain/waves.ts'
import type { Source } from '../shared/ports/source.ts'
import type { Target } from '../shared/ports/target.ts'

export interface Places {
  readonly sourceOf: (segment: Segment) => Pick<Source, 'check'>
  readonly targetOf: (segment: Segment) => Pick<Target, 'check' | 'checkIndexes'>
}

/**
 * A place that a stage would miss after hours is missed before any work. What has passed under this definition needs
 * its places no more. @throws TargetMissing, IndexKeyMismatch, SourceMissing.
 */
export async function requirePlaces(
  { segments }: Migration,
  nodes: readonly StageNode[],
  { fingerprint, records }: { readonly fingerprint: string; readonly records: readonly StageRecord[] },
  { sourceOf, targetOf }: Places,
): Promise<void> {
  const isDone = (at: StageNode) =>
    records.some(
      (record) =>
        record.segment === at.segment &&
        record.stage === at.stage &&
        hasPassed(record) &&
        record.fingerprint === fingerprint,
    )
  const left = nodes.filter((node) => !isDone(node))
  for (const segment of segments) {
    const own = left.filter((node) => node.segment === segment.name)
    if (own.length > 0) await targetOf(segment).check()
    const plans = segment.stages.some(
      ({ id, kind }) => kind === 'rehearse' && own.some(({ stage }) => stage === id),
    )
    // Under a contract that has loaded nothing yet: later it could not be narrowed any more.
    if (plans) await targetOf(segment).checkIndexes()
    // Once it is planned, each stage looks at the source itself, and knows what it was.
    if (plans) await sourceOf(segment).check()
  }
}
