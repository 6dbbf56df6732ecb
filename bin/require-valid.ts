import { LockgateError } from '../lambdas/shared/contract/errors.ts'
import { checkMigration } from '../lambdas/shared/domain/definition/check/check-migration.ts'
import { problemText } from '../lambdas/shared/domain/definition/check/definition-problem.ts'
import type { Migration } from '../lambdas/shared/domain/definition/migration.ts'

/** What has a mistake is not deployed. @throws InvalidDefinition, one mistake a line. */
export function requireValid(migrations: readonly Migration[]): void {
  const problems = migrations.flatMap((migration) => checkMigration(migration))
  if (problems.length === 0) return
  const lines = problems.map((problem) => `  ${problemText(problem)}`)
  throw new LockgateError('InvalidDefinition', `registered migrations have mistakes:\n${lines.join('\n')}`)
}
