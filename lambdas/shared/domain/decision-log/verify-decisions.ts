import { isClosing as closes, statusAfter } from '../gate-rules/status.ts'
import type { AuditedDecision, AuditedGate } from './audited-gate.ts'
import { decisionKinds } from './entry.ts'
import type { Finding } from './finding.ts'
import { isDecision, nameOf, type GateEvent } from './gate-events.ts'
import { momentText } from './moment.ts'

/**
 * Whether a gate's item has the decisions that the log has: of its opening all, in their order, because the newest word
 * of a person counts; of earlier ones it keeps some.
 */
export function verifyDecisions(gate: AuditedGate, events: readonly GateEvent[]): Finding[] {
  const about = { kind: 'disagrees', side: 'gate', at: gate.id } as const
  const untold = gate.decisions
    .filter((decision) => !events.some((event) => tells(event, decision)))
    .map((decision): Finding => {
      const message = `gate ${gate.id} has a decision that the log does not have: ${wordsOf(decision)}`
      return { ...about, message }
    })
  const told = events.filter((event) => event.opening === gate.opening && isDecision(event))
  const denied = told
    .filter((event) => !gate.decisions.some((decision) => tells(event, decision)))
    .map((event): Finding => {
      const message = `${nameOf(event)} is a decision that gate ${gate.id} does not have: by ${event.event.actor} as ${event.event.role}`
      return { ...about, ...(event.entry !== undefined && { entry: event.entry }), message }
    })
  if (untold.length + denied.length > 0) return [...untold, ...denied]
  const own = gate.decisions.filter(({ opening }) => opening === gate.opening)
  const isSame = own.length === told.length && told.every((event, n) => own[n] && tells(event, own[n]))
  if (isSame) return []
  const message = `gate ${gate.id} has the decisions of opening ${gate.opening} in another order or number than the log`
  return [{ ...about, message }]
}

function tells({ event, opening }: GateEvent, decision: AuditedDecision): boolean {
  return (
    isOfKind(event, decision) &&
    opening === decision.opening &&
    event.actor === decision.address &&
    event.role === decision.role &&
    event.reason === decision.reason &&
    event.evidence === decision.evidence &&
    event.at === decision.at
  )
}

/** Nobody decides by an expiry, and by nothing else. */
function isOfKind(
  { kind, detail }: GateEvent['event'],
  { decision, address }: Pick<AuditedDecision, 'decision' | 'address'>,
): boolean {
  if (address !== 'lockgate') return kind === decisionKinds[decision]
  return kind === 'expired' && closes(decision) && detail?.['status'] === statusAfter(decision)
}

const wordsOf = ({ decision, address, role, at }: AuditedDecision) =>
  `${decision} by ${address} as ${role} at ${momentText(at)}`
