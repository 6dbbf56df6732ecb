import { decisionKinds, type LogDraft, type LogKind, type SignedEntry } from './entry.ts'

/** Something that a gate has recorded. */
export interface GateEvent {
  readonly event: LogDraft
  /** In which opening of the gate. */
  readonly opening: number
  /** Number of its entry; absent while it waits in the gate's outbox. */
  readonly entry?: number
}

const decisions: ReadonlySet<LogKind> = new Set([...Object.values(decisionKinds), 'expired'])
const closings: ReadonlySet<LogKind> = new Set([
  ...(['quorum-completed', 'overridden', 'sent-back', 'rolled-back', 'held', 'expired'] as const),
])

/** Whether the gate's item has a decision for it; an expiry is the decision of nobody. */
export const isDecision = ({ event }: GateEvent): boolean => decisions.has(event.kind)

/** Whether it ends the opening: nothing is decided after it, and the gate is open again only in the next one. */
export const isClosing = ({ event }: GateEvent): boolean => closings.has(event.kind)

/** What the log has of a gate. Its ids are `<gate>#<opening>#<number>`; what happened to its links has others. */
export function loggedEvents(gate: string, entries: readonly SignedEntry[]): GateEvent[] {
  return entries.flatMap(({ entry: { sequence, event } }) => {
    const opening = event.gate === gate ? openingIn(event) : undefined
    return opening === undefined ? [] : [{ event, opening, entry: sequence }]
  })
}

/**
 * All that a gate has recorded, in its order: an outbox is appended from its beginning, so what is left in it comes after
 * what the log has. What the log has already can still be in it, after a crash.
 */
export function eventsOf(
  gate: { readonly id: string; readonly outbox: readonly LogDraft[] },
  entries: readonly SignedEntry[],
): GateEvent[] {
  const logged = loggedEvents(gate.id, entries)
  const ids = new Set(logged.map(({ event }) => event.id))
  const waiting = gate.outbox.flatMap((event) => {
    const opening = event.gate === gate.id && !ids.has(event.id) ? openingIn(event) : undefined
    return opening === undefined ? [] : [{ event, opening }]
  })
  return [...logged, ...waiting]
}

/** As findings name it. */
export const nameOf = ({ event, entry }: GateEvent): string =>
  entry === undefined ? `${event.kind} in its outbox` : `entry ${entry} (${event.kind})`

function openingIn({ id, gate = '' }: LogDraft): number | undefined {
  const rest = id.startsWith(`${gate}#`) ? id.slice(gate.length + 1) : ''
  const opening = /^(\d{1,9})#\d+$/.exec(rest)?.[1]
  return opening === undefined ? undefined : Number(opening)
}
