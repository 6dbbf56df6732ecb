import type { Decision } from '../../contract/stages.ts'
import type { GatePolicy } from '../definition/migration.ts'
import type { Gate } from '../gate.ts'
import { reopened, requireToken } from './open-gate.ts'

export interface Entry {
  readonly run: string
  readonly lockToken: number
  readonly startedBy: string
  readonly taskToken: string
  readonly now: number
}

/** Who decides when nobody does. */
export const nobody = { address: 'lockgate', role: 'lockgate' } as const

/**
 * The gate, entered by a run that waits under this token. Another run than the last one opens a held or
 * expired gate anew; the same run finds its gate held when it has expired. A decided gate stays as it is.
 * @throws LockLost.
 */
export function enterGate(gate: Gate, entry: Entry, policy: GatePolicy): Gate | undefined {
  const { run, lockToken, startedBy, taskToken, now } = entry
  requireToken(gate, lockToken)
  const isOver = gate.status === 'held' || (gate.status === 'open' && gate.expiresAt <= now)
  if (isOver && gate.run !== run) {
    return { ...reopened(gate, policy, now), run, lockToken, startedBy, taskToken }
  }
  if (gate.status !== 'open') return undefined
  return isOver ? expired(gate, now) : { ...gate, run, lockToken, startedBy, taskToken }
}

function expired(gate: Gate, now: number): Gate {
  const reason = 'The gate expired undecided. Start the migration again to come back to it.'
  const decision = { decision: 'hold', ...nobody, reason, evidence: gate.evidence, at: now } as const
  return { ...gate, status: 'held', decisions: [...gate.decisions, decision] }
}

/** What a closed gate answers to the run; `undefined` while it is open. */
export function answerOf(gate: Pick<Gate, 'status'>): Decision | undefined {
  switch (gate.status) {
    case 'approved':
      return 'approve'
    case 'rejected':
      return 'reject'
    case 'held':
      return 'hold'
    case 'open':
      return undefined
  }
}

/**
 * Whether an open gate is to ask its approvers (again). Earlier by a tenth of the interval, because the state
 * is entered a little later each time than the mail before it went out.
 */
export function isMailDue(gate: Gate, remindEvery: number, now: number): boolean {
  return gate.remindedAt === undefined || now - gate.remindedAt >= remindEvery * 0.9
}
