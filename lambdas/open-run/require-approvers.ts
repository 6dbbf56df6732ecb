import { LockgateError } from '../shared/contract/errors.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import type { Notifier } from '../shared/ports/notifier.ts'

/** A gate that nobody can answer is found before the run begins. @throws ApproverMissing, SubscriptionNotConfirmed. */
export async function requireApprovers(
  { name, gate }: Migration,
  approvers: Readonly<Record<string, readonly string[]>>,
  notifier: Notifier,
): Promise<void> {
  const roles = Object.entries(gate.quorum)
  for (const [role, needed] of roles) {
    const there = new Set(approvers[role] ?? []).size
    if (there >= needed) continue
    throw new LockgateError(
      'ApproverMissing',
      `the gates of ${name} need ${needed} in the role ${role}, and cdk.json has ${there}: add the address to "approvers" and deploy`,
    )
  }
  const addresses = roles.flatMap(([role]) => approvers[role] ?? [])
  const unconfirmed = await notifier.unconfirmed(addresses)
  if (unconfirmed.length === 0) return
  throw new LockgateError(
    'SubscriptionNotConfirmed',
    `these approvers have not confirmed their subscription, and would get no mail: ${unconfirmed.join(', ')}. ` +
      'Each has to open the link in the mail "AWS Notification - Subscription Confirmation"',
  )
}
