import type { Decision } from '../../contract/stages.ts'

/** What somebody has typed already, and why it was not taken. */
export interface Attempt {
  readonly problem: string
  readonly decision?: Decision
  readonly reason?: string
}
