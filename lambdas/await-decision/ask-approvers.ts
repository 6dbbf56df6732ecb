import { LockgateError } from '../shared/contract/errors.ts'
import { openEvidence } from '../shared/domain/evidence-document.ts'
import { approversOf, type Approver } from '../shared/domain/gate-rules/approvers.ts'
import { capabilityHash, capabilityText } from '../shared/domain/gate-rules/capability.ts'
import type { Gate } from '../shared/domain/gate.ts'
import { gateMail } from '../shared/domain/mail/gate-mail.ts'
import type { GateStore } from '../shared/ports/gate-store.ts'
import type { Notifier } from '../shared/ports/notifier.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { Randomness } from '../shared/ports/randomness.ts'

export interface AskPorts {
  readonly gates: GateStore
  readonly evidence: ObjectStore
  readonly notifier: Notifier
  readonly randomness: Randomness
  /** Addresses per role. */
  readonly approvers: Readonly<Record<string, readonly string[]>>
  /** Base address of the approval pages, without a final slash. */
  readonly approvalUrl: string
}

/** Sends each approver a mail with a link of their own. Earlier links of this opening stay good until they expire. */
export async function askApprovers(gate: Gate, ports: AskPorts): Promise<void> {
  const approvers = approversOf(gate, ports.approvers)
  if (approvers.length === 0) {
    const roles = Object.keys(gate.quorum).join(', ')
    throw new LockgateError('ApproverMissing', `no address in cdk.json has a role of this gate: ${roles}`)
  }
  const evidence = openEvidence(await ports.evidence.get(gate.evidenceKey), gate.evidence)
  for (const approver of approvers) {
    const link = await newLink(gate, approver, ports)
    const isReminder = gate.remindedAt !== undefined
    const mail = gateMail({ gate, evidence, role: approver.role, link, isReminder })
    await ports.notifier.toApprover(approver.address, mail)
  }
}

/** The capability itself is in the mail alone: what is stored is its hash. */
async function newLink(gate: Gate, approver: Approver, ports: AskPorts): Promise<string> {
  const text = capabilityText(ports.randomness.bytes(32))
  const hash = capabilityHash(text)
  if (hash === undefined) throw new Error('a new capability does not have the form of one')
  const { id, opening, expiresAt } = gate
  await ports.gates.saveCapability({ hash, gate: id, opening, expiresAt, ...approver })
  return `${ports.approvalUrl}/gates/${text}`
}
