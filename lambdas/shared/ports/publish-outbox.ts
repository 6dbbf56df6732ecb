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

/** Each further round means that somebody has changed the gate meanwhile. */
const mostRounds = 20

/**
 * Appends what a gate has recorded to the decision log, and then takes exactly that out of the gate's outbox, until it
 * is empty. Whoever changes a gate calls it after that; after a crash in between, whoever comes next does. Several at
 * once append each event once, in the order of the outbox. Answers the gate, all of whose events are in the log;
 * `undefined` where there is none.
 */
export async function publishOutbox<G extends WithOutbox>(
  gateId: string,
  { gates, log }: OutboxPorts<G>,
): Promise<G | undefined> {
  let gate = await gates.gate(gateId)
  for (let round = 0; gate !== undefined && gate.outbox.length > 0; round += 1) {
    if (round === mostRounds)
      throw new Error(`gate ${gateId} changed ${mostRounds} times while it was logged`)
    for (const draft of gate.outbox) await log.append(gate.migration, draft)
    const published = new Set(gate.outbox.map(({ id }) => id))
    gate = await gates.updateGate(gateId, (there) => {
      const left = there.outbox.filter(({ id }) => !published.has(id))
      return left.length === there.outbox.length ? undefined : { ...there, outbox: left }
    })
  }
  return gate
}
