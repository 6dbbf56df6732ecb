import { LockgateError } from '../../contract/errors.ts'
import type { Decision } from '../../contract/stages.ts'
import { decisionKinds } from '../decision-log/entry.ts'
import type { Capability, Gate, GateDecision } from '../gate.ts'
import { mayWithdraw, refusalOf, usesOf } from './choices.ts'
import { isInRole, personOf, requireOneRoleEach, type Approvers } from '../../contract/roles.ts'
import { logged, nobody } from './outbox.ts'
import { quorumOf } from './quorum.ts'
import { requireRoom } from './room.ts'
import { isClosing, statusAfter } from './status.ts'

/** What the form says, and when. */
export type Choice = Pick<GateDecision, 'decision' | 'reason' | 'evidence' | 'at'>

/** @throws GateClosed when the link is of an earlier opening, or the time is over. */
export function requireOpening(gate: Gate, capability: Capability, now: number): void {
  if (gate.opening === capability.opening && capability.expiresAt > now) return
  throw new LockgateError(
    'GateClosed',
    'this link has expired; the newest mail about this gate has the one that counts',
  )
}

/**
 * The gate with one more decision, or `undefined` when this very decision, by this link, is in it already. `approvers`
 * are those of now: an approval counts only as long as its address is in its role.
 * @throws GateClosed, StaleEvidence, ApproverRemoved, ApproverInTwoRoles, LinkUsed, NothingToWithdraw, NotYourDecision,
 * StageNotPassed, TooManyDecisions.
 */
export function decide(
  gate: Gate,
  choice: Choice,
  capability: Capability,
  approvers: Approvers,
): Gate | undefined {
  requireOpening(gate, capability, choice.at)
  if (isRepeated(gate, choice, capability)) return undefined
  requireWaiting(gate, choice)
  requireApprover(gate, capability, approvers)
  requireChoice(gate, choice.decision, capability)
  requireRoom(gate, choice.decision)

  const { address, role, hash: link } = capability
  const { decision, reason, at } = choice
  const decided: Gate = {
    ...gate,
    decisions: [...gate.decisions, { ...choice, address, role, link, opening: gate.opening }],
  }
  const told = logged(decided, { kind: decisionKinds[decision], at, address, role, reason })
  if (isClosing(decision)) return { ...told, status: statusAfter(decision) }
  if (decision === 'withdraw') return { ...told, asked: without(told.asked, personOf(address)) }
  const quorum = quorumOf(decided, (approval) => isInRole(approval.address, approval.role, approvers))
  return quorum.isComplete ? completed(told, quorum.approvals.length, at) : told
}

/** Who has withdrawn is asked as if for the first time: the link is used up, and the next mail has a new one. */
function without(asked: Gate['asked'], person: string): Gate['asked'] {
  return Object.fromEntries(Object.entries(asked).filter(([other]) => other !== person))
}

function requireWaiting(gate: Gate, { at, evidence }: Choice): void {
  if (gate.status !== 'open' || gate.expiresAt <= at) {
    throw new LockgateError('GateClosed', 'this gate is no longer open; nothing was changed')
  }
  if (evidence === gate.evidence) return
  throw new LockgateError(
    'StaleEvidence',
    'the evidence has changed since the page was shown; look at it again',
  )
}

function requireApprover(gate: Gate, { address, role }: Capability, approvers: Approvers): void {
  if (!isInRole(address, role, approvers)) {
    throw new LockgateError('ApproverRemoved', `this address no longer has the role ${role}`)
  }
  requireOneRoleEach(gate.policy, approvers)
}

function requireChoice(gate: Gate, decision: Decision, capability: Capability): void {
  const uses = usesOf(gate, capability)
  const isSpent = decision !== 'withdraw' || uses.some((one) => one.decision === 'withdraw')
  if (uses.length > 0 && isSpent) {
    throw new LockgateError('LinkUsed', 'this link has decided; the next mail about this gate has a new one')
  }
  if (decision === 'withdraw' && !mayWithdraw(gate, capability)) {
    throw new LockgateError('NothingToWithdraw', 'there is no approval of yours that counts')
  }
  const refusal = refusalOf(gate, decision, capability)
  if (refusal) throw new LockgateError(...refusal)
}

function completed(gate: Gate, people: number, at: number): Gate {
  const reason = `${people} ${people === 1 ? 'person has' : 'people have'} approved this evidence.`
  return logged(
    { ...gate, status: 'approved' },
    { kind: 'quorum-completed', at, ...nobody, reason, detail: { people } },
  )
}

/** The newest word of this link is this very decision, on the evidence that is there: a repeated request. */
function isRepeated(gate: Gate, { decision, evidence }: Choice, capability: Capability): boolean {
  const last = usesOf(gate, capability).at(-1)
  return last?.decision === decision && last.evidence === evidence && evidence === gate.evidence
}
