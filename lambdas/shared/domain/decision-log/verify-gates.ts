import { z } from 'zod'
import { gateStatuses, decisions } from '../../contract/stages.ts'
import { decisionKinds, logDraft, type LogDraft, type LogKind, type SignedEntry } from './entry.ts'
import type { StageRecord } from '../stage-record.ts'
import type { Finding } from './finding.ts'

/** What of a gate's item the log can vouch for. */
export const auditedGate = z.object({
  id: z.string(),
  opening: z.int().positive(),
  status: z.enum(gateStatuses),
  evidence: z.string(),
  decisions: z.array(
    z.object({
      decision: z.enum(decisions),
      address: z.string(),
      role: z.string(),
      reason: z.string(),
      evidence: z.string(),
      at: z.int(),
      opening: z.int(),
    }),
  ),
  outbox: z.array(logDraft),
})
export type AuditedGate = z.infer<typeof auditedGate>
type AuditedDecision = AuditedGate['decisions'][number]

const kindsOfDecisions: readonly LogKind[] = Object.values(decisionKinds)

/** What has to be in the log for a gate to have this status. */
const closedBy = {
  approved: ['quorum-completed'],
  overridden: ['overridden'],
  repair: ['sent-back', 'expired'],
  rollback: ['rolled-back', 'expired'],
  held: ['held', 'expired'],
} as const satisfies Record<string, readonly LogKind[]>

/** Whether a gate's item says what the log says: each decision is in both, and the log has what closed the gate. */
export function verifyGate(gate: AuditedGate, entries: readonly SignedEntry[]): Finding[] {
  const ofGate = entries.filter(({ entry }) => entry.event.gate === gate.id)
  // What is still in the outbox will be appended: nobody proceeds on it before.
  const events = [...ofGate.map(({ entry }) => entry.event), ...gate.outbox]
  const about = { kind: 'disagrees', side: 'gate', at: gate.id } as const
  const untold = gate.decisions.flatMap((decision): Finding[] => {
    if (decision.address === 'lockgate') return []
    if (events.some((event) => tells(event, decision))) return []
    const message = `gate ${gate.id} has a decision that the log does not have: ${wordsOf(decision)}`
    return [{ ...about, message }]
  })
  const denied = ofGate.flatMap(({ entry: { sequence, event } }): Finding[] => {
    if (!kindsOfDecisions.includes(event.kind) || openingOf(event) !== gate.opening) return []
    if (gate.decisions.some((decision) => tells(event, decision))) return []
    const message = `entry ${sequence} has a decision that gate ${gate.id} does not have: ${event.kind} by ${event.actor}`
    return [{ ...about, entry: sequence, message }]
  })
  return [...untold, ...denied, ...statusFindings(gate, events)]
}

/** Whether the log has what let a stage pass. */
export function verifyStage(record: StageRecord, entries: readonly SignedEntry[]): Finding[] {
  const { segment, stage, status, gate, evidence } = record
  if (status !== 'passed' && status !== 'overridden') return []
  const kind = status === 'passed' ? 'quorum-completed' : 'overridden'
  const isTold = entries.some(
    ({ entry: { event } }) => event.kind === kind && event.gate === gate && event.evidence === evidence,
  )
  if (isTold) return []
  const at = `${segment} / ${stage}`
  const message = `stage ${stage} of ${segment} is ${status}, and the log has no ${kind} of its gate ${gate ?? '(none)'} on its evidence`
  return [{ kind: 'disagrees', side: 'gate', at, message }]
}

function statusFindings(gate: AuditedGate, events: readonly LogDraft[]): Finding[] {
  if (gate.status === 'open') return []
  const kinds: readonly LogKind[] = closedBy[gate.status]
  const isTold = events.some(
    (event) =>
      kinds.includes(event.kind) && openingOf(event) === gate.opening && event.evidence === gate.evidence,
  )
  if (isTold) return []
  const message = `gate ${gate.id} is ${gate.status}, and the log has nothing that made it so: neither ${kinds.join(' nor ')} in opening ${gate.opening} on evidence ${gate.evidence}`
  return [{ kind: 'disagrees', side: 'gate', at: gate.id, message }]
}

/** Ids are `<gate>#<opening>#<number>`. */
const openingOf = ({ id, gate = '' }: LogDraft): number => Number(id.slice(gate.length + 1).split('#')[0])

const tells = (event: LogDraft, { decision, address, role, reason, evidence, at }: AuditedDecision) =>
  event.kind === decisionKinds[decision] &&
  event.actor === address &&
  event.role === role &&
  event.reason === reason &&
  event.evidence === evidence &&
  event.at === at

const wordsOf = ({ decision, address, role, at }: AuditedDecision) =>
  `${decision} by ${address} as ${role} at ${new Date(at).toISOString()}`
