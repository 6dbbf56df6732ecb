import type { Migration } from '../lambdas/shared/domain/definition/migration.ts'
import cities from './cities/migration.ts'

/** The migrations that are deployed. A migration that is not listed here does not exist for Lockgate. */
export const migrations: readonly Migration[] = [cities]
