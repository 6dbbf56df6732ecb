import { LockgateError } from '../shared/contract/errors.ts'
import type { StageRef } from '../shared/contract/payloads.ts'
import { quorumOf } from '../shared/domain/gate-rules/quorum.ts'
import type { Gate } from '../shared/domain/gate.ts'
import type { StageRecord } from '../shared/domain/stage-record.ts'
import type { DecisionLog } from '../shared/ports/decision-log.ts'
import type { GateStore } from '../shared/ports/gate-store.ts'
import { publishOutbox } from '../shared/ports/publish-outbox.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

export interface ActPorts {
  readonly runs: RunStore
  readonly gates: GateStore
  readonly log: Pick<DecisionLog, 'append'>
}

export interface Acted {
  readonly status: StageRecord['status']
}

const statusOf = {
  approved: 'passed',
  overridden: 'overridden',
  repair: 'repair',
  rollback: 'rollback',
  held: 'held',
} as const

/**
 * Does what the gate says, which is read from its item: whatever answered the task token was only the bell.
 * No stage goes on by a decision that is not in the log.
 * @throws GateNotFound, GateClosed, StaleEvidence, StageNotPassed, LockLost.
 */
export async function act(input: StageRef & { gate: string }, ports: ActPorts): Promise<Acted> {
  const { run, segment, stage } = input
  await ports.runs.requireLock(run.migration, run.lockToken)
  const gate = await publishOutbox(input.gate, ports)
  const at = { migration: run.migration, segment, stage }
  const decided = await ports.runs.updateStage(at, run.lockToken, (record) => {
    if (!gate || !record) throw notStored(input)
    const status = decidedStatus(gate, record)
    return record.status === status ? undefined : { ...record, status }
  })
  if (!decided) throw notStored(input)
  return { status: decided.status }
}

function notStored({ segment, stage, gate }: StageRef & { gate: string }): LockgateError {
  return new LockgateError('GateNotFound', `stage ${stage} of ${segment} or its gate ${gate} is not stored`)
}

/** An answer that nobody decided, or that was about other evidence, ends the run here and passes nothing. */
function decidedStatus(gate: Gate, record: StageRecord): (typeof statusOf)[keyof typeof statusOf] {
  if (gate.status === 'open') {
    throw new LockgateError(
      'GateClosed',
      `gate ${gate.id} is still open; start the migration again, and it waits there again`,
    )
  }
  if (record.gate !== gate.id || record.evidence !== gate.evidence) {
    throw new LockgateError(
      'StaleEvidence',
      `gate ${gate.id} was decided on other evidence than the stage has`,
    )
  }
  if (gate.status === 'approved' && gate.verdict !== 'pass') {
    throw new LockgateError(
      'StageNotPassed',
      `gate ${gate.id} is approved, and its verdict is ${gate.verdict}`,
    )
  }
  if (gate.status === 'approved' && !quorumOf(gate).isComplete) {
    throw new LockgateError('StageNotPassed', `gate ${gate.id} is approved, and its quorum is not complete`)
  }
  return statusOf[gate.status]
}
