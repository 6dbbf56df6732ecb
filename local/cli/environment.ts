import type { Surroundings } from './run-migration.ts'
import type { Screen } from './screen.ts'

/** What commands share, and what a test replaces. */
export interface Environment {
  /** For people. */
  readonly screen: Screen
  /** For programs: what a command was asked to print. */
  print(text: string): void
  printError(text: string): void
  exitWith(code: 0 | 1): void
  /** Made when a run begins: from then on Ctrl-C stops it cleanly. */
  surroundings(): Surroundings
}
