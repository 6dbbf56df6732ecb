import { spanMilliseconds } from '../definition/migration.ts'
import type { Gate } from '../gate.ts'
import { peopleOf, personOf, type Approvers } from '../../contract/roles.ts'
import { currentApprovals } from './quorum.ts'

export interface Approver {
  readonly role: string
  readonly address: string
}

/** Why somebody gets a mail. */
export type Asking = 'asked' | 'reminded'

export interface DueApprover extends Approver {
  readonly asking: Asking
}

/** Those who have a say at a gate as it is: the quorum's roles, who may override, and whom it has been escalated to. */
export function approversOf({ policy, escalatedAt }: Gate, approvers: Approvers): Approver[] {
  const { quorum, override, escalation } = policy
  const roles = [...Object.keys(quorum), override, escalatedAt === undefined ? undefined : escalation?.to]
  return [...new Set(roles)].flatMap((role) =>
    role === undefined ? [] : peopleOf(role, approvers).map((address) => ({ role, address })),
  )
}

/**
 * Whom an open gate asks now: who has not been asked, in this opening and about this evidence, or not since the gate was
 * escalated to their role; and again after each reminder interval who could fill a place and has not approved. Who may
 * override is asked once. A reminder comes earlier by a tenth of the interval, because the state is entered a little
 * later each time than the mail before.
 */
export function dueApprovers(gate: Gate, approvers: Approvers, now: number): DueApprover[] {
  const approved = new Set(currentApprovals(gate).map(({ address }) => personOf(address)))
  const interval = spanMilliseconds(gate.policy.remindEvery) * 0.9
  return approversOf(gate, approvers).flatMap((approver): DueApprover[] => {
    const person = personOf(approver.address)
    const askedAt = gate.asked[person]
    if (approved.has(person)) return []
    if (askedAt === undefined || askedAt < calledInAt(gate, approver.role))
      return [{ ...approver, asking: 'asked' }]
    const isDue = mayApprove(gate, approver.role) && now - askedAt >= interval
    return isDue ? [{ ...approver, asking: 'reminded' }] : []
  })
}

/** When a role was called in as stand-ins: from then on its people can do more than an earlier mail has told them. */
function calledInAt({ policy, escalatedAt }: Gate, role: string): number {
  return escalatedAt !== undefined && role === policy.escalation?.to ? escalatedAt : 0
}

/** Whether an approval in this role fills a place. */
export function mayApprove({ policy, escalatedAt }: Gate, role: string): boolean {
  if (Object.hasOwn(policy.quorum, role)) return true
  return escalatedAt !== undefined && policy.escalation?.to === role
}
