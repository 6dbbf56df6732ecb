import { LockgateError } from '../../contract/errors.ts'
import type { Migration } from './migration.ts'
import type { Segment } from './segment.ts'
import type { StageSpec } from './stage.ts'

const list = (named: readonly { readonly name: string }[]) => named.map(({ name }) => name).join(', ')

/** @throws UnknownMigration, listing those that are registered. */
export function findMigration(migrations: readonly Migration[], name: string): Migration {
  const found = migrations.find((migration) => migration.name === name)
  if (found) return found
  throw new LockgateError(
    'UnknownMigration',
    `there is no migration ${name}; registered are ${list(migrations) || 'none'}. Add it to migrations/registry.ts and deploy`,
  )
}

/** @throws UnknownMigration, or InvalidInput when the migration has no such segment. */
export function findSegment(migrations: readonly Migration[], migration: string, name: string): Segment {
  const { segments } = findMigration(migrations, migration)
  const found = segments.find((segment) => segment.name === name)
  if (found) return found
  throw new LockgateError('InvalidInput', `${migration} has no segment ${name}; it has ${list(segments)}`)
}

/** @throws UnknownStage, listing those of the segment. */
export function findStage(segment: Segment, id: string): StageSpec {
  const found = segment.stages.find((stage) => stage.id === id)
  if (found) return found
  const known = segment.stages.map((stage) => stage.id).join(', ')
  throw new LockgateError('UnknownStage', `segment ${segment.name} has no stage ${id}; it has ${known}`)
}
