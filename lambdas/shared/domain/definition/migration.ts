import type { ExpiryDecision } from '../../contract/stages.ts'
import { calendarSpec, type CalendarSpec } from './calendar.ts'
import type { Segment } from './segment.ts'
import { spanMilliseconds, type Span } from './span.ts'

export { spanMilliseconds, type Span }

/** Who decides at the gates of a migration, and what happens when they do not. */
export interface GatePolicy {
  /** People needed per role; their addresses stand in `cdk.json`. */
  readonly quorum: Readonly<Record<string, number>>
  /** Role that may let a stage pass by itself, whatever its verdict. Nobody may where it is left out. */
  readonly override?: string
  /** Whether somebody other than who started the run has to agree. Default `true`. */
  readonly fourEyes: boolean
  /** How long a gate waits. Default `3 days`. */
  readonly expiresAfter: Span
  /** What comes of a gate that nobody decided in that time. Default `hold`. */
  readonly onExpiry: ExpiryDecision
  /** How often an open gate asks again. Default `1 days`. */
  readonly remindEvery: Span
  /** People of role `to` are asked as well when a gate has been open so long; each may fill a missing place of any role. */
  readonly escalation?: { readonly after: Span; readonly to: string }
}

export interface Migration {
  readonly name: string
  readonly segments: readonly Segment[]
  readonly gate: GatePolicy
  /** Stages start only while it is open. */
  readonly calendar?: CalendarSpec
}

export interface MigrationOptions {
  readonly name: string
  readonly segments: readonly Segment[]
  readonly gate: Pick<GatePolicy, 'quorum'> & Partial<GatePolicy>
  /** Name of a calendar in `cdk.json`: stages, or those that are listed, start only while it is open. */
  readonly calendar?: string | CalendarSpec
}

const gateDefaults = {
  fourEyes: true,
  expiresAfter: '3 days',
  onExpiry: 'hold',
  remindEvery: '1 days',
} as const satisfies Partial<GatePolicy>

/** Defines a migration. `npm run check-migration` checks it, and so does every synth. */
export function defineMigration(options: MigrationOptions): Migration {
  const { calendar, ...rest } = options
  return {
    ...rest,
    gate: { ...gateDefaults, ...options.gate },
    ...(calendar !== undefined && { calendar: calendarSpec(calendar) }),
  }
}

/** How often the state of an open gate is entered again: to remind, and to escalate in time. */
export function wakingMilliseconds({
  remindEvery,
  escalation,
}: Pick<GatePolicy, 'remindEvery'> & { readonly escalation?: GatePolicy['escalation'] | undefined }): number {
  const spans = [remindEvery, ...(escalation ? [escalation.after] : [])]
  return Math.min(...spans.map(spanMilliseconds))
}
