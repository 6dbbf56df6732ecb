import type { Migration } from '../migration.ts'
import { checkCalendar } from './check-calendar.ts'
import { checkCriteria } from './check-criteria.ts'
import { checkGate } from './check-gate.ts'
import { checkMapping } from './check-mapping.ts'
import { checkScopes } from './check-scopes.ts'
import { checkSegments } from './check-segments.ts'
import { checkShape } from './check-shape.ts'
import { checkSource } from './check-source.ts'
import { checkStages } from './check-stages.ts'
import { checkTarget } from './check-target.ts'
import type { DefinitionProblem, Finding } from './definition-problem.ts'

const ofSegment = [checkSource, checkTarget, checkMapping, checkCriteria, checkStages]
const ofMigration = [checkSegments, checkScopes, checkGate, checkCalendar]

/**
 * Every mistake in a definition that can be found without its data, so that none is found in the middle of a run.
 * Where its shape is wrong already, that is all that is told. Nothing is thrown.
 */
export function checkMigration(migration: Migration): DefinitionProblem[] {
  const shape = checkShape(migration)
  const found: readonly Finding[] =
    shape.length > 0
      ? shape
      : [
          ...ofMigration.flatMap((check) => check(migration)),
          ...migration.segments.flatMap((segment) => ofSegment.flatMap((check) => check(segment))),
        ]
  const name = typeof migration?.name === 'string' ? migration.name : '<name>'
  return found.map((finding) => ({ file: `migrations/${name}/migration.ts`, ...finding }))
}
