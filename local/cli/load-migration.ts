import { checkMigration } from '../../lambdas/shared/domain/definition/check/check-migration.ts'
import { problemText } from '../../lambdas/shared/domain/definition/check/definition-problem.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { UsageError } from './usage-error.ts'

/** The registered migrations. Imported late, so that a broken definition does not break `check-migration`. */
export async function registeredMigrations(): Promise<readonly Migration[]> {
  const { migrations } = await import('../../migrations/registry.ts')
  return migrations
}

/** @throws UsageError when there is no such migration, or when it has mistakes. */
export async function loadMigration(name: string): Promise<Migration> {
  const migrations = await registeredMigrations()
  const found = migrations.find((migration) => migration.name === name)
  if (found === undefined) {
    const known = migrations.map((migration) => migration.name).join(', ')
    throw new UsageError(`there is no migration ${name} in migrations/registry.ts; there are: ${known}`)
  }
  const problems = checkMigration(found)
  if (problems.length === 0) return found
  throw new UsageError(
    `the definition has mistakes:\n${problems.map((problem) => `  ${problemText(problem)}`).join('\n')}`,
  )
}
