import type { Decision, GateStatus } from '../../contract/stages.ts'
import { spanMilliseconds, type GatePolicy } from '../definition/migration.ts'
import type { Gate } from '../gate.ts'
import { inTime } from './expire-gate.ts'
import { opened, reopened, requireToken } from './open-gate.ts'
import { personOf } from '../../contract/roles.ts'
import { logged, nobody } from './outbox.ts'

export interface Entry {
  readonly run: string
  readonly lockToken: number
  readonly startedBy: string
  readonly taskToken: string
  readonly now: number
}

/**
 * The gate, entered by a run that waits under this token. A gate whose time is over comes to what its policy says. A
 * held one is opened anew by another run than the last; a decided one stays as it is. @throws LockLost.
 */
export function enterGate(gate: Gate, entry: Entry, policy: GatePolicy): Gate | undefined {
  const { run, lockToken, startedBy, taskToken, now } = entry
  requireToken(gate, lockToken)
  const timely = inTime(gate, now)
  const isPutOff = timely.status === 'held' && timely.run !== run
  if (timely.status !== 'open' && !isPutOff) return timely === gate ? undefined : timely
  const waiting = { run, lockToken, startedBy, taskToken }
  if (isPutOff) {
    const measuredBy = timely.starters.slice(0, 1)
    const again = { ...reopened(timely, policy, now), ...waiting, starters: measuredBy }
    return opened(joined(again, startedBy), now)
  }
  return escalated(joined({ ...timely, ...waiting }, startedBy), now)
}

/** Behind whoever had the evidence measured. */
function joined(gate: Gate, startedBy: string): Gate {
  return { ...gate, starters: [...new Set([...gate.starters, personOf(startedBy)])] }
}

function escalated(gate: Gate, at: number): Gate {
  const { escalation } = gate.policy
  if (!escalation || gate.escalatedAt !== undefined) return gate
  if (at - gate.openedAt < spanMilliseconds(escalation.after)) return gate
  return logged(
    { ...gate, escalatedAt: at },
    {
      ...{ kind: 'escalated', at, ...nobody, detail: { to: escalation.to } },
      reason: `The gate has been open for ${escalation.after}: people in the role ${escalation.to} are asked as well.`,
    },
  )
}

const answers = {
  approved: 'approve',
  overridden: 'override',
  repair: 'repair',
  rollback: 'rollback',
  held: 'hold',
} as const satisfies Record<Exclude<GateStatus, 'open'>, Decision>

/** What a closed gate answers to the run; `undefined` while it is open. */
export function answerOf({ status }: Pick<Gate, 'status'>): Decision | undefined {
  return status === 'open' ? undefined : answers[status]
}
