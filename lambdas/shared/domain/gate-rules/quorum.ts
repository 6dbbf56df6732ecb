import type { Gate, GateDecision } from '../gate.ts'
import { isSamePerson, personOf } from '../../contract/roles.ts'

/** How far the quorum of a gate is. */
export interface Quorum {
  /** Approvals that count. */
  readonly approvals: readonly GateDecision[]
  /** Places per role, and how many of them people of that role have filled. */
  readonly places: readonly { readonly role: string; readonly needed: number; readonly filled: number }[]
  /** People of the escalation role who have approved; each fills one place that is missing. */
  readonly standIns: number
  /** Places that nobody fills. */
  readonly missing: number
  /** Whether only who started the run has approved, and somebody else has to. */
  readonly needsOtherEyes: boolean
  readonly isComplete: boolean
}

/** Whether an approval still counts, as to who gave it. */
type Counts = (approval: GateDecision) => boolean

type Decided = Pick<
  Gate,
  'policy' | 'evidence' | 'opening' | 'escalatedAt' | 'starters' | 'startedBy' | 'decisions'
>

/** Approvals that stand: each person's newest word in this opening, on this evidence. All others have lapsed. */
export function currentApprovals({
  decisions,
  evidence,
  opening,
}: Pick<Gate, 'decisions' | 'evidence' | 'opening'>): GateDecision[] {
  const newest = new Map<string, GateDecision>()
  for (const decision of decisions) {
    if (decision.evidence === evidence && decision.opening === opening)
      newest.set(personOf(decision.address), decision)
  }
  return [...newest.values()].filter(({ decision }) => decision === 'approve')
}

/**
 * One person fills one place. Somebody in a role of the quorum fills a place of that role; somebody in the escalation
 * role, once the gate is escalated, a missing one of any role. So the places are filled when all that are missing are
 * no more than the stand-ins.
 */
export function quorumOf(gate: Decided, counts: Counts = () => true): Quorum {
  const approvals = currentApprovals(gate).filter(counts)
  const standInRole = gate.escalatedAt === undefined ? undefined : gate.policy.escalation?.to
  const standIns = approvals.filter(({ role }) => role === standInRole).length
  const places = Object.entries(gate.policy.quorum).map(([role, needed]) => {
    const own = role === standInRole ? 0 : approvals.filter((approval) => approval.role === role).length
    return { role, needed, filled: Math.min(own, needed) }
  })
  const open = places.reduce((sum, { needed, filled }) => sum + needed - filled, 0)
  const missing = Math.max(0, open - standIns)
  const needsOtherEyes =
    gate.policy.fourEyes &&
    approvals.length > 0 &&
    approvals.every(({ address }) => hasStarted(gate, address))
  const isComplete = approvals.length > 0 && places.length > 0 && missing === 0 && !needsOtherEyes
  return { approvals, places, standIns, missing, needsOtherEyes, isComplete }
}

/** Whether this person started a run that measured evidence of this opening, or waited in it. As claimed. */
export function hasStarted(
  { starters, startedBy }: Pick<Gate, 'starters' | 'startedBy'>,
  address: string,
): boolean {
  return [startedBy, ...starters].some((starter) => isSamePerson(starter, address))
}
