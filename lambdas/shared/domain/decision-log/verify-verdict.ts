import type { AuditedGate } from './audited-gate.ts'
import type { SignedEntry } from './entry.ts'
import type { Finding } from './finding.ts'
import { eventsOf, nameOf } from './gate-events.ts'
import { openedBy } from './verify-gates.ts'

/** Where it stands what the verdict on a gate's evidence is. */
export type VerdictSource =
  | { readonly verdict: string; readonly source: string }
  /** The log does not repeat it where the evidence changed; then the document has it. */
  | { readonly evidence: string; readonly evidenceKey: string }

/** `undefined` where nothing signed says it yet: no stage goes on before it does. */
export function verdictSource(gate: AuditedGate, entries: readonly SignedEntry[]): VerdictSource | undefined {
  const opened = openedBy(gate, eventsOf(gate, entries))
  if (opened?.entry === undefined) return undefined
  const { kind, detail, evidence, evidenceKey } = opened.event
  const verdict = kind === 'gate-opened' ? detail?.['verdict'] : undefined
  if (typeof verdict === 'string') return { verdict, source: nameOf(opened) }
  return evidence !== undefined && evidenceKey !== undefined ? { evidence, evidenceKey } : undefined
}

/** Whether the verdict by which a gate lets people approve is that of its evidence. */
export function verifyVerdict(
  gate: Pick<AuditedGate, 'id' | 'verdict'>,
  { verdict, source }: { readonly verdict: string; readonly source: string },
): Finding[] {
  if (gate.verdict === verdict) return []
  const message = `gate ${gate.id} has the verdict ${gate.verdict}, and by ${source} it is ${verdict}`
  return [{ kind: 'disagrees', side: 'gate', at: gate.id, message }]
}
