import type { Segment } from './segment.ts'

/** A span of time as people write it: `90 minutes`, `3 days`. */
export type Span = `${number} ${'minutes' | 'hours' | 'days'}`

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

const milliseconds = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const

export function spanMilliseconds(span: Span): number {
  const [count, unit] = span.split(' ') as [string, keyof typeof milliseconds]
  return Number(count) * milliseconds[unit]
}
