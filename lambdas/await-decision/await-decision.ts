import { isRefusal } from '../shared/contract/errors.ts'
import type { AwaitDecisionInput } from '../shared/contract/payloads.ts'
import type { Decision } from '../shared/contract/stages.ts'
import { findMigration } from '../shared/domain/definition/find.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import { answerOf, enterGate } from '../shared/domain/gate-rules/enter-gate.ts'
import type { Approver } from '../shared/domain/gate-rules/approvers.ts'
import { askedAll } from '../shared/domain/gate-rules/asking.ts'
import type { Gate } from '../shared/domain/gate.ts'
import type { Clock } from '../shared/ports/clock.ts'
import type { Executions } from '../shared/ports/executions.ts'
import type { GateStore } from '../shared/ports/gate-store.ts'
import { publishOutbox } from '../shared/ports/publish-outbox.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import { askApprovers, type Asked, type AskPorts } from './ask-approvers.ts'

export interface AwaitDecisionPorts extends AskPorts {
  readonly migrations: readonly Migration[]
  readonly gates: GateStore
  readonly runs: Pick<RunStore, 'requireLock' | 'updateStage'>
  readonly executions: Executions
  readonly clock: Clock
}

export interface Awaited {
  /** What the gate answered to the run; `undefined` while it is open. */
  readonly decision: Decision | undefined
  readonly asked: boolean
  /** How long this opening has lasted. */
  readonly waitingHours: number
  /** People who should have been asked and have not confirmed their subscription. */
  readonly unconfirmed: readonly Approver[]
}

const hour = 3_600_000

/**
 * Entered whenever the state is: the newest task token is stored before anything else, so that a decision
 * rings whoever waits now, and a gate that is decided already answers at once. Mails follow; a crash among
 * them sends them again, and the reminder interval counts from when all of them had gone out.
 */
export async function awaitDecision(input: AwaitDecisionInput, ports: AwaitDecisionPorts): Promise<Awaited> {
  const { run, taskToken } = input
  const policy = findMigration(ports.migrations, run.migration).gate
  await ports.runs.requireLock(run.migration, run.lockToken)
  const now = ports.clock.now()
  const { id, lockToken, startedBy } = run
  const entry = { run: id, lockToken, startedBy, taskToken, now }
  const gate = await ports.gates.updateGate(input.gate, (there) => enterGate(there, entry, policy))
  await publishOutbox(gate.id, ports)
  const waitingHours = Math.max(0, now - gate.openedAt) / hour

  const decision = answerOf(gate)
  if (decision) {
    await ports.executions.answer(taskToken, { gate: gate.id, decision })
    return { decision, asked: false, waitingHours, unconfirmed: [] }
  }
  const { reached, unconfirmed } = await ask(gate, input, ports)
  const round = { reached, unconfirmed, at: ports.clock.now() }
  await ports.gates.updateGate(gate.id, (there) =>
    there.opening === gate.opening && there.evidence === gate.evidence && there.run === run.id
      ? askedAll(there, round)
      : undefined,
  )
  await publishOutbox(gate.id, ports)
  return { decision, asked: reached.length > 0, waitingHours, unconfirmed }
}

async function ask(gate: Gate, input: AwaitDecisionInput, ports: AwaitDecisionPorts): Promise<Asked> {
  try {
    return await askApprovers(gate, ports)
  } catch (error) {
    if (isRefusal(error, 'EvidenceAltered')) await measureAgain(input, ports)
    throw error
  }
}

/** Nobody can decide on this evidence: a later run shall not come back to the gate, but run the stage again. */
async function measureAgain(
  { run, segment, stage, gate }: AwaitDecisionInput,
  { runs }: AwaitDecisionPorts,
): Promise<void> {
  await runs.updateStage({ migration: run.migration, segment, stage }, run.lockToken, (record) =>
    record?.gate === gate ? { ...record, status: 'running' } : undefined,
  )
}
