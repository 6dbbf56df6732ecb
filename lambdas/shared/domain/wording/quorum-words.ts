import { isSamePerson } from '../../contract/roles.ts'
import type { Approver } from '../gate-rules/approvers.ts'
import { quorumOf, type Quorum } from '../gate-rules/quorum.ts'
import type { Gate } from '../gate.ts'
import { plural } from './figures.ts'

/** Whose approvals a gate still needs. */
export function missingText({ places, missing, needsOtherEyes }: Quorum): string {
  if (missing === 0) {
    return needsOtherEyes
      ? 'Every place is filled, but only by who started the run: somebody else has to approve as well.'
      : 'No approval is missing.'
  }
  const open = places
    .map(({ role, needed, filled }) => ({ role, count: needed - filled }))
    .filter(({ count }) => count > 0)
  const inAll = open.reduce((sum, { count }) => sum + count, 0)
  const names = open.map(({ role, count }) => (count === 1 ? role : `${count} × ${role}`))
  // Stand-ins fill places of any role, so it can be left open which of these are still missing.
  const whose = missing === inAll ? listed(names, 'and') : `of ${listed(names, 'or')}`
  return `${plural(missing, 'approval')} ${missing === 1 ? 'is' : 'are'} missing: ${whose}.`
}

/** How many places of how many are filled. */
export function filledText({ places, missing }: Quorum): string {
  const needed = places.reduce((sum, place) => sum + place.needed, 0)
  const filled = needed - missing
  if (needed === 1) return filled === 1 ? 'The only place is filled.' : 'The only place is not filled yet.'
  return `${filled} of ${needed} places ${filled === 1 ? 'is' : 'are'} filled.`
}

/** What becomes of the gate if this person approves now. */
export function approvingText(gate: Gate, { address, role }: Approver): string {
  const { segment, stage, evidence, opening, openedAt: at } = gate
  const mine = { decision: 'approve', address, role, reason: '', evidence, opening, at } as const
  const after = quorumOf({ ...gate, decisions: [...gate.decisions, mine] })
  const agreed = `You agree that stage ${stage} of ${segment} passes.`
  if (after.isComplete) return `${agreed} No other approval is missing: the run goes on to what comes next.`
  if (after.missing > 0) return `${agreed} After yours, ${missingText(after)} Until then you may withdraw it.`
  return `${agreed} ${missingText(after)}`
}

/** What is to be known of who may decide: escalation, four eyes and override. */
export function policyLines(gate: Gate): string[] {
  const { escalation, fourEyes, override } = gate.policy
  return [
    ...(escalation ? [escalationText(gate, escalation)] : []),
    ...(fourEyes ? [fourEyesText(gate)] : []),
    ...(override === undefined ? [] : [`The role ${override} may override, with a reason that is logged.`]),
  ]
}

function fourEyesText({ startedBy, starters }: Gate): string {
  const others = starters.filter((starter) => !isSamePerson(starter, startedBy))
  const who = listed([startedBy, ...others], 'and')
  return others.length === 0
    ? `${who}, who started the run as claimed, can neither complete the quorum nor override alone.`
    : `${who}, who started runs as claimed, can neither complete the quorum nor override by themselves.`
}

function escalationText(
  { escalatedAt }: Gate,
  { after, to }: NonNullable<Gate['policy']['escalation']>,
): string {
  return escalatedAt === undefined
    ? `Undecided for ${after}, people in the role ${to} are asked as well; each may fill a missing place.`
    : `People in the role ${to} have been asked as well; each may fill a missing place.`
}

function listed(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}
