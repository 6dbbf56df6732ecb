import type { GateStatus } from '../../../lambdas/shared/contract/stages.ts'
import type { LogDraft, LogKind } from '../../../lambdas/shared/domain/decision-log/entry.ts'
import type { Rules } from './people.ts'

export interface Situation {
  readonly rules: Rules
  /** Events of this opening, as the log has them. */
  readonly events: readonly LogDraft[]
  /** Hash of the evidence that is to be agreed to. */
  readonly evidence: string
  readonly starters: ReadonlySet<string>
  /** Who is in which role by now. */
  readonly isIn: (person: string, role: string) => boolean
}

interface Approval {
  readonly person: string
  readonly role: string
}

/** Whether these events make a quorum: told from the log alone, and by trying out who could sit where. */
export function isAgreed({ rules, events, evidence, starters, isIn }: Situation): boolean {
  const newest = new Map<string, LogDraft>()
  for (const event of events)
    if (event.evidence === evidence && ['approved', 'withdrawn'].includes(event.kind))
      newest.set(event.actor, event)
  const approvals = [...newest.values()]
    .filter(({ kind }) => kind === 'approved')
    .map(({ actor, role }) => ({ person: actor, role }))
    .filter(({ person, role }) => isIn(person, role))
  const isEscalated = events.some(({ kind }) => kind === 'escalated')
  const standIn = isEscalated ? rules.standIn : undefined
  const seats = Object.entries(rules.places).flatMap(([role, needed]) => Array<string>(needed).fill(role))
  return approvals.some(({ person }) => !starters.has(person)) && canSeat(seats, approvals, standIn)
}

const ends: Partial<Record<LogKind, GateStatus>> = {
  ...{ 'gate-opened': 'open', 'evidence-changed': 'open', 'quorum-completed': 'approved' },
  ...{ overridden: 'overridden', 'sent-back': 'repair', 'rolled-back': 'rollback', held: 'held' },
}
const ofExpiry = { hold: 'held', repair: 'repair', rollback: 'rollback' } as const
const threeDays = 72 * 3_600_000

/** What a gate has come to, told from all that was ever told of it: after a rollback nothing counts any more. */
export function cameTo(events: readonly LogDraft[], { onExpiry }: Rules, now: number): GateStatus {
  let came: GateStatus = 'open'
  let expiresAt = Infinity
  for (const { kind, at } of events) {
    if (came === 'rollback') break
    came = kind === 'expired' ? ofExpiry[onExpiry] : (ends[kind] ?? came)
    if (ends[kind] === 'open') expiresAt = at + threeDays
  }
  return came === 'open' && expiresAt <= now ? ofExpiry[onExpiry] : came
}

function canSeat(
  [seat, ...others]: readonly string[],
  approvals: readonly Approval[],
  standIn: string | undefined,
): boolean {
  if (seat === undefined) return true
  return approvals.some(
    (approval) =>
      (approval.role === seat || approval.role === standIn) &&
      canSeat(
        others,
        approvals.filter((other) => other !== approval),
        standIn,
      ),
  )
}
