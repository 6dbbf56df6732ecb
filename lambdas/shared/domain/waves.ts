import { LockgateError } from '../contract/errors.ts'
import { findSegment, findStage } from './definition/find.ts'
import type { Migration } from './definition/migration.ts'
import type { Segment } from './definition/segment.ts'
import type { StageSpec } from './definition/stage.ts'

export interface StageNode {
  readonly segment: string
  readonly stage: string
}

/** The stage of a dependency that must have passed before `stage` begins: the same one, or the first that covers its share. */
function prerequisiteStage(dependency: Segment, stage: StageSpec): StageSpec | undefined {
  return (
    dependency.stages.find(({ id }) => id === stage.id) ??
    dependency.stages.find(({ kind, share }) => kind !== 'rehearse' && share >= stage.share)
  )
}

/**
 * What must have passed before a stage begins: the one before it in its segment, the prerequisites in those it depends
 * on, and before anything is loaded every rehearsal of the migration. The index of keys, which finds duplicates, is
 * complete only then; and a rehearsal that has to be mended can be, as long as nothing of the migration is loaded.
 */
export function prerequisites(migration: Migration, segment: Segment, stage: StageSpec): StageNode[] {
  const before = segment.stages[segment.stages.indexOf(stage) - 1]
  const own = before ? [nodeOf(segment, before)] : []
  const others = segment.dependsOn.flatMap((name) => {
    const other = migration.segments.find((one) => one.name === name)
    const needed = other && prerequisiteStage(other, stage)
    return other && needed ? [nodeOf(other, needed)] : []
  })
  const rehearsals = stage.kind === 'rehearse' ? [] : migration.segments.flatMap(rehearsalsOf)
  return [...own, ...others, ...rehearsals]
}

const nodeOf = ({ name }: Segment, { id }: StageSpec): StageNode => ({ segment: name, stage: id })

const rehearsalsOf = (segment: Segment) =>
  segment.stages.filter(({ kind }) => kind === 'rehearse').map((stage) => nodeOf(segment, stage))

/**
 * Stages in waves; those of one wave may run side by side. A stage comes after the one before it in its
 * segment and after the same stage of the segments it depends on. All rehearsals come before the first load,
 * so that the key index is complete when loading begins.
 */
export function waves(migration: Migration, until?: string): StageNode[][] {
  const level = new Map<string, number>()
  const levelOf = (node: StageNode): number => {
    const name = `${node.segment}/${node.stage}`
    const known = level.get(name)
    if (known !== undefined) return known
    const segment = findSegment([migration], migration.name, node.segment)
    const needed = prerequisites(migration, segment, findStage(segment, node.stage))
    const result = Math.max(0, ...needed.map(levelOf)) + 1
    level.set(name, result)
    return result
  }
  const nodes: StageNode[][] = []
  for (const segment of migration.segments) {
    for (const stage of stagesUntil(migration, segment, until)) {
      const node = nodeOf(segment, stage)
      const wave = levelOf(node) - 1
      nodes[wave] = [...(nodes[wave] ?? []), node]
    }
  }
  return Array.from(nodes, (wave) => wave ?? []).filter((wave) => wave.length > 0)
}

function stagesUntil(
  migration: Migration,
  segment: Segment,
  until: string | undefined,
): readonly StageSpec[] {
  if (until === undefined) return segment.stages
  const last = migration.segments.flatMap(({ stages }) => stages).find(({ id }) => id === until)
  if (!last) {
    const known = [...new Set(migration.segments.flatMap(({ stages }) => stages.map(({ id }) => id)))]
    throw new LockgateError(
      'UnknownStage',
      `no segment of ${migration.name} has a stage ${until}; give "until" one of ${known.join(', ')}, or leave it out`,
    )
  }
  const own = segment.stages.findIndex(({ id }) => id === until)
  return own >= 0
    ? segment.stages.slice(0, own + 1)
    : segment.stages.filter(({ share }) => share <= last.share)
}
