import { LockgateError } from '../../contract/errors.ts'
import { sha256 } from '../digest.ts'
import { spanMilliseconds, type GatePolicy } from '../definition/migration.ts'
import type { StageSummary } from '../evidence.ts'
import type { Gate } from '../gate.ts'

type Subject = Pick<StageSummary, 'migration' | 'segment' | 'stage' | 'fingerprint' | 'manifest'>

/** One gate per stage, definition and manifest: judged again, a stage is back at the same gate. */
export function gateId(subject: Subject): string {
  const { migration, segment, stage, fingerprint, manifest } = subject
  const hash = sha256(JSON.stringify([migration, segment, stage, fingerprint, manifest]))
  return `${migration}.${segment}.${stage}.${hash.slice(0, 16)}`
}

/** What judging found out, as far as the gate is concerned. */
export type Measured = Pick<Gate, 'run' | 'startedBy' | 'evidence' | 'evidenceKey' | 'verdict'> & {
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
  return {
    id: gateId(subject),
    migration,
    segment,
    stage,
    fingerprint,
    ...measured,
    status: 'open',
    quorum: policy.quorum,
    openedAt: now,
    expiresAt: now + spanMilliseconds(policy.expiresAfter),
    opening: 1,
    decisions: [],
  }
}

/**
 * Puts newer evidence before the approvers. Approvals of the earlier evidence lapse. Links of an open gate
 * live on and show what is new; a closed gate opens anew, with new links. @throws LockLost.
 */
export function putEvidence(
  gate: Gate,
  measured: Measured,
  policy: GatePolicy,
  now: number,
): Gate | undefined {
  requireToken(gate, measured.lockToken)
  if (gate.evidence === measured.evidence) return undefined
  const { remindedAt: _asked, ...rest } = gate.status === 'open' ? gate : reopened(gate, policy, now)
  return {
    ...rest,
    ...measured,
    quorum: policy.quorum,
    expiresAt: now + spanMilliseconds(policy.expiresAfter),
  }
}

/** The next opening: a new expiry, and links of earlier openings no longer open it. */
export function reopened(gate: Gate, policy: GatePolicy, now: number): Gate {
  const { remindedAt: _asked, taskToken: _bell, ...rest } = gate
  return {
    ...rest,
    status: 'open',
    opening: gate.opening + 1,
    openedAt: now,
    expiresAt: now + spanMilliseconds(policy.expiresAfter),
  }
}
