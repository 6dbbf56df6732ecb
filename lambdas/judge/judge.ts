import { LockgateError } from '../shared/contract/errors.ts'
import type { Judgement, StageRef } from '../shared/contract/payloads.ts'
import { sha256 } from '../shared/domain/digest.ts'
import { judgeSummary } from '../shared/domain/criteria/judge-summary.ts'
import { findMigration, findSegment, findStage } from '../shared/domain/definition/find.ts'
import type { GatePolicy, Migration } from '../shared/domain/definition/migration.ts'
import { criteriaOf } from '../shared/domain/definition/stage.ts'
import { sealEvidence } from '../shared/domain/evidence-document.ts'
import { stageSummary, type StageSummary } from '../shared/domain/evidence.ts'
import { newGate, putEvidence, type Measured } from '../shared/domain/gate-rules/open-gate.ts'
import type { Gate } from '../shared/domain/gate.ts'
import { evidenceKeys } from '../shared/domain/object-keys.ts'
import { stageReport } from '../shared/domain/report/stage-report.ts'
import type { Clock } from '../shared/ports/clock.ts'
import type { DecisionLog } from '../shared/ports/decision-log.ts'
import type { GateStore } from '../shared/ports/gate-store.ts'
import { publishOutbox } from '../shared/ports/publish-outbox.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

export interface JudgePorts {
  readonly migrations: readonly Migration[]
  readonly runs: RunStore
  readonly gates: GateStore
  readonly archive: ObjectStore
  readonly evidence: ObjectStore
  readonly log: Pick<DecisionLog, 'append'>
  readonly clock: Clock
}

/**
 * Holds the criteria against what a stage left behind, writes the evidence, and puts it before the gate. The
 * evidence is durable before the gate names it, the gate before the log, and that before the stage does. Judged again, the same
 * summary gives the same evidence and the same gate. Where the gate came to a rollback meanwhile, the stage is left to it,
 * on the evidence that this was decided on.
 */
export async function judge(input: StageRef & { summaryKey: string }, ports: JudgePorts): Promise<Judgement> {
  const { run, segment: segmentName, stage: stageId } = input
  const migration = findMigration(ports.migrations, run.migration)
  const segment = findSegment(ports.migrations, run.migration, segmentName)
  const stage = findStage(segment, stageId)
  await ports.runs.requireLock(run.migration, run.lockToken)

  const summary = await readSummary(input, ports.archive)
  const judged = judgeSummary(summary, stage.kind, criteriaOf(segment, stage))
  const sealed = sealEvidence(summary, judged, run.startedBy)
  const evidenceKey = evidenceKeys.evidence(summary, stageId, sealed.hash)
  await ports.evidence.create(evidenceKey, sealed.content)
  const report = Buffer.from(stageReport(sealed.evidence, sealed.hash))
  await ports.evidence.create(evidenceKeys.report(summary, stageId, sealed.hash), report)

  const { startedBy, lockToken } = run
  const found = { evidence: sealed.hash, evidenceKey, verdict: judged.verdict, report: sha256(report) }
  const measured = { run: run.id, lockToken, startedBy, ...found }
  const gate = await putBeforeGate(summary, measured, migration.gate, ports)
  await publishOutbox(gate.id, ports)
  const { evidence, verdict } = gate
  const at = { migration: run.migration, segment: segmentName, stage: stageId }
  await ports.runs.updateStage(at, lockToken, (record) => {
    // Judged again, late perhaps: what was decided on this evidence stays.
    if (record?.evidence === evidence && record.status !== 'running') return undefined
    const { fingerprint, manifest, startedAt } = summary
    const origin = { segment: segmentName, stage: stageId, run: run.id, fingerprint, manifest, startedAt }
    const window = record?.window && { window: record.window }
    const about = { evidence, evidenceKey: gate.evidenceKey, verdict, gate: gate.id }
    return { ...origin, ...about, ...window, status: 'judged' }
  })
  return { verdict, evidence, gate: gate.id }
}

async function readSummary(
  { run, segment, stage, summaryKey }: StageRef & { summaryKey: string },
  archive: ObjectStore,
): Promise<StageSummary> {
  const summary = await readJson(archive, summaryKey, stageSummary)
  const isOfStage =
    summary.migration === run.migration &&
    summary.segment === segment &&
    summary.stage === stage &&
    summary.fingerprint === run.fingerprint
  if (isOfStage) return summary
  throw new LockgateError(
    'InvalidInput',
    `the summary at ${summaryKey} is not of stage ${stage} of ${segment}`,
  )
}

async function putBeforeGate(
  summary: StageSummary,
  measured: Measured,
  policy: GatePolicy,
  { gates, clock }: JudgePorts,
): Promise<Gate> {
  const gate = await gates.createGate(newGate(summary, measured, policy, clock.now()))
  return gates.updateGate(gate.id, (there) => putEvidence(there, measured, policy, clock.now()))
}
