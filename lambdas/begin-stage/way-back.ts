import type { StageRef } from '../shared/contract/payloads.ts'
import { inTime } from '../shared/domain/gate-rules/expire-gate.ts'
import { gateId } from '../shared/domain/gate-rules/open-gate.ts'
import type { Gate } from '../shared/domain/gate.ts'
import type { ManifestHeader } from '../shared/domain/manifest.ts'
import type { StageRecord } from '../shared/domain/stage-record.ts'
import type { Clock } from '../shared/ports/clock.ts'
import type { GateStore } from '../shared/ports/gate-store.ts'
import type { StageChange } from '../shared/ports/run-store.ts'

export interface WayBackPorts {
  readonly gates: Pick<GateStore, 'gate'>
  readonly clock: Clock
}

/** The gate of a stage under this definition and plan, as it is by now: an expiry counts that nobody has recorded yet. */
export async function gateByNow(
  { run: { migration, fingerprint }, segment, stage }: StageRef,
  frozen: ManifestHeader | undefined,
  { gates, clock }: WayBackPorts,
): Promise<Gate | undefined> {
  if (frozen === undefined) return undefined
  const gate = await gates.gate(gateId({ migration, segment, stage, fingerprint, manifest: frozen.id }))
  return gate && inTime(gate, clock.now())
}

/**
 * Why a run goes back to the gate of a stage that it could run; `undefined` where it runs the stage. People may have
 * decided while no run was there, or while the stage waited for its calendar. That the stage passes holds as long as
 * nothing of it has been run since, whatever its verdict. That it is sent back is carried out by running it again, which
 * is all that was asked for: to end this run first would cost a start. A gate that is not decided, or was put off, is
 * worth going back to where it can be passed. One that is gone is no reason to do without it: the next state refuses it.
 */
export function reasonToGoBack(gate: Gate | undefined, record: StageRecord): string | undefined {
  if (gate && !isOnNewest(gate, record)) return undefined
  if (gate?.status === 'approved' || gate?.status === 'overridden')
    return `its gate was ${gate.status}, which is still to be carried out`
  if (gate?.status === 'repair' || !record.gate || record.verdict !== 'pass') return undefined
  return isUndecided(record) ? 'it is measured, and its gate is to be decided' : undefined
}

/** Whether nothing of the stage has been run since the evidence at its gate was measured. */
function isOnNewest(gate: Gate, record: StageRecord): boolean {
  if (gate.evidence === record.evidence) return true
  // Judge puts evidence before the gate and then writes the record: this run ended in between.
  return record.status === 'running' && record.run === gate.run
}

/** Measured, and not past its gate. A stage that waits for its calendar to be run again is as it was measured. */
export function isUndecided({ status }: StageRecord): boolean {
  return status === 'judged' || status === 'held' || status === 'waiting'
}

/**
 * The record as judge leaves it, where it is not so any more: act goes by a decision only where gate and record are on
 * the same evidence.
 */
export function recordAtGate(
  gate: Gate,
  record: StageRecord | undefined,
  manifest: string,
  now: number,
): StageChange | undefined {
  const isLeftByJudge = record?.status === 'judged' || record?.status === 'held'
  if (isLeftByJudge && record.gate === gate.id && record.evidence === gate.evidence) return undefined
  const { segment, stage, fingerprint, run, verdict, evidence, evidenceKey } = gate
  const startedAt = record?.startedAt ?? new Date(now).toISOString()
  const origin = { segment, stage, fingerprint, manifest, run, startedAt }
  return { ...origin, verdict, evidence, evidenceKey, gate: gate.id, status: 'judged' }
}
