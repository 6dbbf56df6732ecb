import { LockgateError } from '../../contract/errors.ts'
import { sha256 } from '../digest.ts'
import { spanMilliseconds, type GatePolicy } from '../definition/migration.ts'
import type { StageSummary } from '../evidence.ts'
import type { Gate, StoredPolicy } from '../gate.ts'
import { inTime } from './expire-gate.ts'
import { personOf } from '../../contract/roles.ts'
import { logged, nobody } from './outbox.ts'
import { currentApprovals } from './quorum.ts'

type Subject = Pick<StageSummary, 'migration' | 'segment' | 'stage' | 'fingerprint' | 'manifest'>

/** One gate per stage, definition and manifest: judged again, a stage is back at the same gate. */
export function gateId(subject: Subject): string {
  const { migration, segment, stage, fingerprint, manifest } = subject
  const hash = sha256(JSON.stringify([migration, segment, stage, fingerprint, manifest]))
  return `${migration}.${segment}.${stage}.${hash.slice(0, 16)}`
}

/** What judging found out, as far as the gate is concerned. */
export type Measured = Pick<Gate, 'run' | 'startedBy' | 'evidence' | 'evidenceKey' | 'report' | 'verdict'> & {
  readonly lockToken: number
}

/** A run that was taken over must not touch the gate of the one after it. @throws LockLost. */
export function requireToken(gate: Gate, lockToken: number): void {
  if ((gate.lockToken ?? 0) <= lockToken) return
  throw new LockgateError(
    'LockLost',
    `gate ${gate.id} was taken by a later run (lock token ${gate.lockToken}; this run has ${lockToken}): this run is over`,
  )
}

export function newGate(subject: Subject, measured: Measured, policy: GatePolicy, now: number): Gate {
  const { migration, segment, stage, fingerprint } = subject
  const gate: Gate = {
    ...{ id: gateId(subject), migration, segment, stage, fingerprint, ...measured },
    ...{ status: 'open', opening: 1, starters: [personOf(measured.startedBy)] },
    ...terms(policy, now),
    ...{ openedAt: now, asked: {}, decisions: [], outbox: [], drafts: 0 },
  }
  return opened(gate, now)
}

/**
 * Puts newer evidence before the approvers. Approvals of the earlier evidence lapse, and everybody is asked again. Links
 * of an open gate that have not decided live on and show what is new; a closed gate opens anew, with new links. One that
 * came to a rollback, while the stage was measured, never opens again. @throws LockLost.
 */
export function putEvidence(
  gate: Gate,
  measured: Measured,
  policy: GatePolicy,
  now: number,
): Gate | undefined {
  requireToken(gate, measured.lockToken)
  if (gate.evidence === measured.evidence) return undefined
  const measuredBy = personOf(measured.startedBy)
  const timely = inTime(gate, now)
  if (timely.status === 'rollback') return timely === gate ? undefined : timely
  if (timely.status !== 'open') {
    return opened({ ...reopened(timely, policy, now), ...measured, starters: [measuredBy] }, now)
  }
  const lapsed = currentApprovals(gate).length
  // Else who started the run before would be free to approve alone, once another run has measured again.
  const starters = [...new Set([measuredBy, ...gate.starters])]
  return logged(
    { ...gate, ...measured, starters, ...terms(policy, now), asked: {} },
    {
      ...{ kind: 'evidence-changed', at: now, ...nobody },
      reason: 'The stage was measured again while its gate was open. Everybody is asked again.',
      detail: { before: gate.evidence, lapsed, ...reportOf(measured) },
    },
  )
}

/** Decisions of earlier openings that the item keeps; the decision log has them all. */
const mostEarlier = 20

/** The next opening: a new expiry, and links and approvals of earlier openings no longer count. Not logged yet. */
export function reopened(gate: Gate, policy: GatePolicy, now: number): Gate {
  const { taskToken: _bell, escalatedAt: _escalation, ...rest } = gate
  return {
    ...rest,
    ...{ status: 'open', opening: gate.opening + 1, openedAt: now, asked: {} },
    ...terms(policy, now),
    decisions: gate.decisions.slice(-mostEarlier),
  }
}

export function opened(gate: Gate, at: number): Gate {
  const reason = `The verdict is ${gate.verdict}.`
  return logged(gate, {
    kind: 'gate-opened',
    at,
    ...nobody,
    reason,
    detail: { verdict: gate.verdict, ...reportOf(gate) },
  })
}

/** In the log, so that the audit can tell whether the report is still the one that was written. */
const reportOf = ({ report }: Pick<Gate, 'report'>) => (report === undefined ? {} : { report })

function terms(policy: GatePolicy, now: number): { policy: StoredPolicy; expiresAt: number } {
  return { policy: { ...policy }, expiresAt: now + spanMilliseconds(policy.expiresAfter) }
}
