import type { Segment } from './segment.ts'
import { spanMilliseconds, type Span } from './span.ts'

export { spanMilliseconds, type Span }

export interface GatePolicy {
  /** People needed per role; their addresses stand in `cdk.json`. */
  readonly quorum: Readonly<Record<string, number>>
  /** An undecided gate then holds the run. Default `3 days`. */
  readonly expiresAfter: Span
  /** How often an open gate asks again. Default `1 days`. */
  readonly remindEvery: Span
}

export interface Migration {
  readonly name: string
  readonly segments: readonly Segment[]
  readonly gate: GatePolicy
}

export interface MigrationOptions {
  readonly name: string
  readonly segments: readonly Segment[]
  readonly gate: Pick<GatePolicy, 'quorum'> & Partial<GatePolicy>
}

/** Defines a migration. `npm run check-migration` checks it, and so does every synth. */
export function defineMigration(options: MigrationOptions): Migration {
  return { ...options, gate: { expiresAfter: '3 days', remindEvery: '1 days', ...options.gate } }
}
