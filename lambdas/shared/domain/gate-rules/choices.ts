import { decisions, type Decision } from '../../contract/stages.ts'
import type { Capability, Gate, GateDecision } from '../gate.ts'
import { mayApprove } from './approvers.ts'
import { isSamePerson } from '../../contract/roles.ts'
import { currentApprovals, hasStarted } from './quorum.ts'

/** Who decides, by which link. */
export type Link = Pick<Capability, 'hash' | 'address' | 'role'>

/** What a link may decide at a gate as it is; nothing where the gate is closed or the link used up. */
export function choicesOf(gate: Gate, link: Link): Decision[] {
  if (gate.status !== 'open') return []
  return decisions.filter((decision) => {
    if (decision === 'withdraw') return mayWithdraw(gate, link)
    return usesOf(gate, link).length === 0 && refusalOf(gate, decision, link) === undefined
  })
}

/** What was decided by this very link. */
export function usesOf({ decisions: all, opening }: Gate, { hash }: Pick<Link, 'hash'>): GateDecision[] {
  return all.filter((one) => one.opening === opening && one.link === hash)
}

/** Only one's own approval, and by no link that has withdrawn before: a late repeat must not withdraw anew. */
export function mayWithdraw(gate: Gate, link: Link): boolean {
  const isStanding = currentApprovals(gate).some(({ address }) => isSamePerson(address, link.address))
  return isStanding && !usesOf(gate, link).some(({ decision }) => decision === 'withdraw')
}

export type Refusal = readonly [name: 'StageNotPassed' | 'NotYourDecision', message: string]

/** Why a role, or a person, may not take a decision, whatever the link. */
export function refusalOf(
  gate: Gate,
  decision: Decision,
  { address, role }: Pick<Link, 'address' | 'role'>,
): Refusal | undefined {
  if (decision === 'approve') {
    if (gate.verdict !== 'pass') {
      return ['StageNotPassed', `the verdict is ${gate.verdict}`]
    }
    return mayApprove(gate, role)
      ? undefined
      : ['NotYourDecision', `the role ${role} fills no place of the quorum`]
  }
  if (decision !== 'override') return undefined
  if (role !== gate.policy.override)
    return ['NotYourDecision', `the role ${role} may not override at this gate`]
  return gate.policy.fourEyes && hasStarted(gate, address)
    ? ['NotYourDecision', 'who started the run cannot override its gate alone: four eyes are needed']
    : undefined
}
