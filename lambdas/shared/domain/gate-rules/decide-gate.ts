import { LockgateError } from '../../contract/errors.ts'
import type { Capability, Gate, GateDecision } from '../gate.ts'
import { isQuorumComplete } from './quorum.ts'

/** @throws GateClosed when the link is of an earlier opening, or the time is over. */
export function requireOpening(gate: Gate, capability: Capability, now: number): void {
  if (gate.opening === capability.opening && capability.expiresAt > now) return
  throw new LockgateError(
    'GateClosed',
    'this link has expired; the newest mail about this gate has the one that counts',
  )
}

/**
 * The gate with one more decision, or `undefined` when this very decision is in it already.
 * @throws GateClosed, StaleEvidence, StageNotPassed.
 */
export function decide(gate: Gate, decision: GateDecision, capability: Capability): Gate | undefined {
  requireOpening(gate, capability, decision.at)
  if (isRepeated(gate, decision)) return undefined
  if (gate.status !== 'open' || gate.expiresAt <= decision.at) {
    throw new LockgateError('GateClosed', 'this gate is no longer open; nothing was changed')
  }
  if (decision.evidence !== gate.evidence) {
    throw new LockgateError(
      'StaleEvidence',
      'the evidence has changed since the page was shown; look at it again',
    )
  }
  if (decision.decision === 'approve' && gate.verdict !== 'pass') {
    throw new LockgateError(
      'StageNotPassed',
      `the verdict is ${gate.verdict}; such a stage can be rejected or held`,
    )
  }
  const decided = { ...gate, decisions: [...gate.decisions, decision] }
  return { ...decided, status: statusAfter(decided, decision) }
}

function statusAfter(gate: Gate, { decision }: GateDecision): Gate['status'] {
  switch (decision) {
    case 'reject':
      return 'rejected'
    case 'hold':
      return 'held'
    case 'approve':
      return isQuorumComplete(gate) ? 'approved' : 'open'
  }
}

/** The newest word of this person in this opening is this very decision: a repeated request. */
function isRepeated(gate: Gate, { address, role, decision, evidence }: GateDecision): boolean {
  const last = gate.decisions.findLast(
    (earlier) => earlier.at >= gate.openedAt && earlier.address === address && earlier.role === role,
  )
  return last?.decision === decision && last.evidence === evidence
}
