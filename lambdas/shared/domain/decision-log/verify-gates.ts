import type { GateStatus } from '../../contract/stages.ts'
import type { AuditedGate } from './audited-gate.ts'
import type { LogKind, SignedEntry } from './entry.ts'
import type { Finding } from './finding.ts'
import { eventsOf, isClosing, isDecision, nameOf, type GateEvent } from './gate-events.ts'
import { verifyDecisions } from './verify-decisions.ts'

/** What has to be in the log for a gate to have this status. */
const closedBy = {
  approved: ['quorum-completed'],
  overridden: ['overridden'],
  repair: ['sent-back', 'expired'],
  rollback: ['rolled-back', 'expired'],
  held: ['held', 'expired'],
} as const satisfies Record<Exclude<GateStatus, 'open'>, readonly LogKind[]>

/**
 * Whether a gate's item says what the log says, as far as both were read at the same moment: what opened it, each
 * decision, what closed it, and that nothing came after that. Its verdict is held against the evidence by
 * `verifyVerdict`.
 */
export function verifyGate(gate: AuditedGate, entries: readonly SignedEntry[]): Finding[] {
  // What is still in the outbox will be appended: nobody proceeds on it before.
  const events = eventsOf(gate, entries)
  return [
    ...openingFindings(gate, events),
    ...verifyDecisions(gate, events),
    ...statusFindings(gate, events),
    ...afterClosing(gate, events),
  ]
}

/** What put the evidence of a gate's opening before the approvers. */
export function openedBy(
  { opening }: Pick<AuditedGate, 'opening'>,
  events: readonly GateEvent[],
): GateEvent | undefined {
  return events.findLast(
    (one) =>
      one.opening === opening && (one.event.kind === 'gate-opened' || one.event.kind === 'evidence-changed'),
  )
}

const subject = ['segment', 'stage', 'fingerprint', 'evidence', 'evidenceKey'] as const

/** Whether the gate is in the opening that the log has last, and about the same. */
function openingFindings(gate: AuditedGate, events: readonly GateEvent[]): Finding[] {
  const { id, opening } = gate
  const later = events.find((event) => event.opening > opening)
  const opened = openedBy(gate, events)
  const findings: Finding[] = []
  if (later)
    findings.push({
      ...about(gate, later),
      message: `gate ${id} is in opening ${opening}, and ${nameOf(later)} is of its opening ${later.opening}: its item was put back`,
    })
  if (!opened)
    findings.push({
      ...about(gate),
      message: `gate ${id} is in opening ${opening}, and the log has nothing that opened it`,
    })
  for (const field of opened ? subject : []) {
    const [is, was = 'none'] = [gate[field], opened?.event[field]]
    if (is === was) continue
    const message = `gate ${id} has the ${field} ${is}, and what opened it has ${was}: ${opened ? nameOf(opened) : ''}`
    findings.push({ ...about(gate, opened), message })
  }
  return findings
}

function statusFindings(gate: AuditedGate, events: readonly GateEvent[]): Finding[] {
  const { id, opening, status } = gate
  const closing = events.filter((event) => event.opening === opening && isClosing(event))
  const [first] = closing
  if (status === 'open') {
    if (first === undefined) return []
    const message = `gate ${id} is open, and ${nameOf(first)} by ${first.event.actor} has closed its opening ${opening}`
    return [{ ...about(gate, first), message }]
  }
  const evidence = openedBy(gate, events)?.event.evidence ?? gate.evidence
  if (closing.some(({ event }) => event.evidence === evidence && makes(status, event))) return []
  const message = `gate ${id} is ${status}, and the log has nothing that made it so: neither ${closedBy[status].join(' nor ')} in opening ${opening} on evidence ${evidence}`
  return [{ ...about(gate), message }]
}

function makes(status: Exclude<GateStatus, 'open'>, { kind, detail }: GateEvent['event']): boolean {
  const kinds: readonly LogKind[] = closedBy[status]
  return kinds.includes(kind) && (kind !== 'expired' || detail?.['status'] === status)
}

/** Once an opening is closed, nothing more is decided in it: what is came by an item that was set back. */
function afterClosing(gate: AuditedGate, events: readonly GateEvent[]): Finding[] {
  const closed = new Map<number, GateEvent>()
  return events.flatMap((event): Finding[] => {
    const by = closed.get(event.opening)
    if (by === undefined) {
      if (isClosing(event)) closed.set(event.opening, event)
      return []
    }
    if (!isClosing(event) && !isDecision(event)) return []
    const message = `${nameOf(event)} by ${event.event.actor} came after ${nameOf(by)} had closed opening ${event.opening} of gate ${gate.id}`
    return [{ ...about(gate, event), message }]
  })
}

function about({ id }: Pick<AuditedGate, 'id'>, event?: GateEvent): Omit<Finding, 'message'> {
  const entry = event?.entry
  return { kind: 'disagrees', side: 'gate', at: id, ...(entry !== undefined && { entry }) }
}
