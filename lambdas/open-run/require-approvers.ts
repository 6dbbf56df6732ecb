import { LockgateError } from '../shared/contract/errors.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import { peopleOf, requireOneRoleEach, rolesOf, type Approvers } from '../shared/contract/roles.ts'
import type { Notifier } from '../shared/ports/notifier.ts'

/**
 * A gate that nobody can answer is found before the run begins.
 * @throws ApproverMissing, ApproverInTwoRoles, SubscriptionNotConfirmed.
 */
export async function requireApprovers(
  { name, gate }: Migration,
  approvers: Approvers,
  notifier: Notifier,
): Promise<void> {
  const roles = rolesOf(gate)
  for (const role of roles) {
    const needed = gate.quorum[role] ?? 1
    const there = peopleOf(role, approvers).length
    if (there >= needed) continue
    throw new LockgateError(
      'ApproverMissing',
      `the gates of ${name} need ${needed} in the role ${role}, and cdk.json has ${there}: add the address to "approvers" and deploy`,
    )
  }
  requireOneRoleEach(gate, approvers)
  const unconfirmed = await notifier.unconfirmed(roles.flatMap((role) => peopleOf(role, approvers)))
  if (unconfirmed.length === 0) return
  throw new LockgateError(
    'SubscriptionNotConfirmed',
    `these approvers have not confirmed their subscription, and would get no mail: ${unconfirmed.join(', ')}. ` +
      'Each has to open the link in the mail "AWS Notification - Subscription Confirmation"',
  )
}
