import { LockgateError } from '../shared/contract/errors.ts'
import { openEvidence } from '../shared/domain/evidence-document.ts'
import { dueApprovers, type Approver, type DueApprover } from '../shared/domain/gate-rules/approvers.ts'
import { capabilityHash, capabilityText } from '../shared/domain/gate-rules/capability.ts'
import { peopleOf, requireOneRoleEach, type Approvers } from '../shared/contract/roles.ts'
import type { Gate } from '../shared/domain/gate.ts'
import { gateMail } from '../shared/domain/mail/gate-mail.ts'
import type { Clock } from '../shared/ports/clock.ts'
import type { DecisionLog } from '../shared/ports/decision-log.ts'
import type { GateStore } from '../shared/ports/gate-store.ts'
import type { Notifier } from '../shared/ports/notifier.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { Randomness } from '../shared/ports/randomness.ts'

export interface AskPorts {
  readonly gates: GateStore
  readonly evidence: ObjectStore
  readonly notifier: Notifier
  readonly randomness: Randomness
  readonly clock: Clock
  readonly log: DecisionLog
  readonly approvers: Approvers
  /** Base address of the approval pages, without a final slash. */
  readonly approvalUrl: string
}

export interface Asked {
  readonly reached: readonly DueApprover[]
  /** Would have been asked, and has not confirmed the subscription: asked as soon as it is confirmed. */
  readonly unconfirmed: readonly DueApprover[]
}

/**
 * Sends each approver whose turn it is a mail with a link of their own. Earlier links of this opening stay good until they
 * expire. Who cannot be reached does not keep the others waiting.
 * @throws ApproverMissing, ApproverInTwoRoles, EvidenceAltered.
 */
export async function askApprovers(gate: Gate, ports: AskPorts): Promise<Asked> {
  requireSomebody(gate, ports.approvers)
  requireOneRoleEach(gate.policy, ports.approvers)
  const due = dueApprovers(gate, ports.approvers, ports.clock.now())
  if (due.length === 0) return { reached: [], unconfirmed: [] }
  const evidence = openEvidence(await ports.evidence.get(gate.evidenceKey), gate.evidence)
  const head = await ports.log.head(gate.migration)
  const silent = new Set(await ports.notifier.unconfirmed(due.map(({ address }) => address)))
  const reached = due.filter(({ address }) => !silent.has(address))
  for (const approver of reached) {
    const link = await newLink(gate, approver, ports)
    const mail = gateMail({
      gate,
      evidence,
      approver,
      link,
      head,
      isReminder: approver.asking === 'reminded',
    })
    await ports.notifier.toApprover(approver.address, mail)
  }
  return { reached, unconfirmed: due.filter(({ address }) => silent.has(address)) }
}

function requireSomebody({ policy }: Gate, approvers: Approvers): void {
  for (const role of Object.keys(policy.quorum)) {
    if (peopleOf(role, approvers).length > 0) continue
    throw new LockgateError('ApproverMissing', `no address in cdk.json has the role ${role} of this gate`)
  }
}

/** The capability itself is in the mail alone: what is stored is its hash. */
async function newLink(gate: Gate, { role, address }: Approver, ports: AskPorts): Promise<string> {
  const text = capabilityText(ports.randomness.bytes(32))
  const hash = capabilityHash(text)
  if (hash === undefined) throw new Error('a new capability does not have the form of one')
  const { id, opening, expiresAt } = gate
  await ports.gates.saveCapability({ hash, gate: id, opening, expiresAt, role, address })
  return `${ports.approvalUrl}/gates/${text}`
}
