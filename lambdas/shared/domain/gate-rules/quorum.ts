import type { Gate, GateDecision } from '../gate.ts'

/**
 * Whether enough people have approved this evidence. Counts distinct addresses per role, by each person's
 * newest decision; approvals of other evidence have lapsed.
 */
export function isQuorumComplete(gate: Pick<Gate, 'quorum' | 'evidence' | 'decisions'>): boolean {
  const newest = new Map<string, GateDecision>()
  for (const decision of gate.decisions) {
    if (decision.evidence === gate.evidence) newest.set(`${decision.role} ${decision.address}`, decision)
  }
  const approvals = [...newest.values()].filter(({ decision }) => decision === 'approve')
  const roles = Object.entries(gate.quorum)
  return (
    roles.length > 0 &&
    roles.every(([role, needed]) => approvals.filter((approval) => approval.role === role).length >= needed)
  )
}
