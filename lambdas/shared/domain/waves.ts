import { LockgateError } from '../contract/errors.ts'
import type { Migration } from './definition/migration.ts'
import type { Segment } from './definition/segment.ts'
import type { StageSpec } from './definition/stage.ts'

export interface StageNode {
  readonly segment: string
  readonly stage: string
}

/** The stage of a dependency that must have passed before `stage` begins: the same one, or the first that covers its share. */
export function prerequisiteStage(dependency: Segment, stage: StageSpec): StageSpec | undefined {
  return (
    dependency.stages.find(({ id }) => id === stage.id) ??
    dependency.stages.find(({ kind, share }) => kind !== 'rehearse' && share >= stage.share)
  )
}

/**
 * Stages in waves; those of one wave may run side by side. A stage comes after the one before it in its
 * segment and after the same stage of the segments it depends on. All rehearsals come before the first load,
 * so that the key index is complete when loading begins.
 */
export function waves(migration: Migration, until?: string): StageNode[][] {
  const segments = new Map(migration.segments.map((segment) => [segment.name, segment]))
  const level = new Map<string, number>()
  const levelOf = (segment: Segment, stage: StageSpec): number => {
    const name = `${segment.name}/${stage.id}`
    const known = level.get(name)
    if (known !== undefined) return known
    const before = segment.stages[segment.stages.indexOf(stage) - 1]
    const levels = [
      before ? levelOf(segment, before) : 0,
      ...segment.dependsOn.map((dependency) => {
        const other = segments.get(dependency)
        const needed = other && prerequisiteStage(other, stage)
        return other && needed ? levelOf(other, needed) : 0
      }),
      ...(stage.kind === 'rehearse'
        ? []
        : migration.segments.flatMap(rehearsalOf).map(([s, r]) => levelOf(s, r))),
    ]
    const result = Math.max(...levels) + 1
    level.set(name, result)
    return result
  }
  const nodes: StageNode[][] = []
  for (const segment of migration.segments) {
    for (const stage of stagesUntil(migration, segment, until)) {
      const wave = levelOf(segment, stage) - 1
      nodes[wave] = [...(nodes[wave] ?? []), { segment: segment.name, stage: stage.id }]
    }
  }
  return Array.from(nodes, (wave) => wave ?? []).filter((wave) => wave.length > 0)
}

function rehearsalOf(segment: Segment): [Segment, StageSpec][] {
  return segment.stages.filter(({ kind }) => kind === 'rehearse').map((stage) => [segment, stage])
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
