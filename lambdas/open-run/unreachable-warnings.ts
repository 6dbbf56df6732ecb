import { findSegment, findStage } from '../shared/domain/definition/find.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import { prerequisiteStage, type StageNode } from '../shared/domain/waves.ts'

/**
 * Stages that a run was asked for although `until` leaves out what they need of another segment. A warning is enough:
 * where an earlier run has passed that, they are reached.
 */
export function unreachableWarnings(migration: Migration, nodes: readonly StageNode[]): string[] {
  const isAskedFor = (segment: string, stage: string) =>
    nodes.some((node) => node.segment === segment && node.stage === stage)
  return nodes.flatMap(({ segment, stage }) => {
    const own = findSegment([migration], migration.name, segment)
    return own.dependsOn.flatMap((name) => {
      const needed = prerequisiteStage(findSegment([migration], migration.name, name), findStage(own, stage))
      if (!needed || isAskedFor(name, needed.id)) return []
      return `${segment} / ${stage} needs ${name} / ${needed.id}, which "until" leaves out: it is reached only if an earlier run has passed that`
    })
  })
}
