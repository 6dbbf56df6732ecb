import type { LogDraft } from '../decision-log/entry.ts'
import type { Gate } from '../gate.ts'

/** Who decides when nobody does. */
export const nobody = { address: 'lockgate', role: 'lockgate' } as const

/** What happened at a gate, without what the gate knows. */
export type GateEvent = Pick<LogDraft, 'kind' | 'at' | 'reason' | 'detail'> & {
  readonly address: string
  readonly role: string
}

/** The gate with one more event in its outbox: to be written together with what it tells. */
export function logged(gate: Gate, { address, role, ...event }: GateEvent): Gate {
  const { id, opening, migration, segment, stage, run, evidence, evidenceKey, fingerprint } = gate
  const drafts = gate.drafts + 1
  const draft: LogDraft = {
    ...{ id: `${id}#${opening}#${drafts}`, ...event, actor: address, role },
    ...{ migration, segment, stage, gate: id, run, evidence, evidenceKey, fingerprint },
  }
  return { ...gate, drafts, outbox: [...gate.outbox, draft] }
}
