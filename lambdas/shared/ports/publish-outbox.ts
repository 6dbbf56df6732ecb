import type { LogDraft } from '../domain/decision-log/entry.ts'
import type { DecisionLog } from './decision-log.ts'

interface WithOutbox {
  readonly migration: string
  /** Events that are recorded with the gate, and not known to be in the log yet; in their order. */
  readonly outbox: readonly LogDraft[]
}

export interface OutboxPorts<G extends WithOutbox> {
  readonly gates: {
    gate(id: string): Promise<G | undefined>
    updateGate(id: string, change: (gate: G) => G | undefined): Promise<G>
  }
  readonly log: Pick<DecisionLog, 'append'>
}

/**
 * Appends what a gate has recorded to the decision log, and then takes exactly that out of the gate's outbox. Whoever
 * changes a gate calls it after that; after a crash in between, whoever comes next does. Several at once append each
 * event once, in the order of the outbox. Answers the gate as it is then; `undefined` where there is none.
 */
export async function publishOutbox<G extends WithOutbox>(
  gateId: string,
  { gates, log }: OutboxPorts<G>,
): Promise<G | undefined> {
  const gate = await gates.gate(gateId)
  if (gate === undefined || gate.outbox.length === 0) return gate
  for (const draft of gate.outbox) await log.append(gate.migration, draft)
  const published = new Set(gate.outbox.map(({ id }) => id))
  return gates.updateGate(gateId, (there) => {
    const left = there.outbox.filter(({ id }) => !published.has(id))
    return left.length === there.outbox.length ? undefined : { ...there, outbox: left }
  })
}
