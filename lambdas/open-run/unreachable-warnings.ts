import { findSegment, findStage } from '../shared/domain/definition/find.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import { prerequisites, type StageNode } from '../shared/domain/waves.ts'

/**
 * Stages that a run was asked for although `until` leaves out what they need of another segment. A warning is enough:
 * where an earlier run has passed that, they are reached.
 */
export function unreachableWarnings(migration: Migration, nodes: readonly StageNode[]): string[] {
  const isAskedFor = ({ segment, stage }: StageNode) =>
    nodes.some((node) => node.segment === segment && node.stage === stage)
  return nodes.flatMap(({ segment: name, stage }) => {
    const segment = findSegment([migration], migration.name, name)
    return prerequisites(migration, segment, findStage(segment, stage))
      .filter((needed) => !isAskedFor(needed))
      .map(
        (needed) =>
          `${name} / ${stage} needs ${needed.segment} / ${needed.stage}, which "until" leaves out: it is reached only if an earlier run has passed that`,
      )
  })
}
