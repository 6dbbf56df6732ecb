import type { Screen } from '../local/cli/screen.ts'

export interface Environment {
  /** For people: progress. */
  readonly screen: Screen
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}
