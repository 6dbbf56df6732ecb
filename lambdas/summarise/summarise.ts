import { LockgateError } from '../shared/contract/errors.ts'
import type { StageRef } from '../shared/contract/payloads.ts'
import { findStage } from '../shared/domain/definition/find.ts'
import type { StageSummary } from '../shared/domain/evidence.ts'
import { batchList } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { batchesOfStage } from '../shared/domain/selection.ts'
import { SummaryOfBatches } from '../shared/domain/summary.ts'
import type { CheckpointStore } from '../shared/ports/checkpoint-store.ts'
import type { Clock } from '../shared/ports/clock.ts'
import { readJson, writeJson } from '../shared/ports/json-objects.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import { CollectedSums } from './collected-sums.ts'
import { collectExamples } from './collect-examples.ts'
import { StageOutlook, type OutlookPorts } from './outlook.ts'
import { readWholeTarget } from './read-whole-target.ts'

export interface SummarisePorts extends OutlookPorts {
  readonly runs: RunStore
  readonly checkpoints: CheckpointStore
  readonly clock: Clock
}

interface SummariseInput extends StageRef {
  readonly manifest: string
  readonly startedAt: string
  readonly checksWholeTarget: boolean
}

/** Adds up what a stage did, from its checkpoints alone, and keeps the sum for the judge. */
export async function summarise(
  input: SummariseInput,
  ports: SummarisePorts,
): Promise<{ summaryKey: string }> {
  const { run, stage } = input
  const { segment, archive, runs, checkpoints, clock } = ports
  await runs.requireLock(run.migration, run.lockToken)
  const at = { migration: run.migration, segment: segment.name, manifest: input.manifest }
  const header = await runs.manifest(run.migration, segment.name)
  if (header?.id !== input.manifest) {
    throw new LockgateError('SourceChanged', `the manifest of ${segment.name} is no longer ${input.manifest}`)
  }
  const spec = findStage(segment, stage)
  const all = await readJson(archive, archiveKeys.batchList(at), batchList)
  const own = new SummaryOfBatches(
    batchesOfStage(segment.stages, spec, header.id, all),
    spec.kind !== 'rehearse',
  )
  const whole = new SummaryOfBatches(
    all.map(({ batch }) => batch),
    true,
  )
  const sums = new CollectedSums(archive, at, segment)
  const outlook = new StageOutlook(ports, spec, header, all)
  for await (const checkpoint of checkpoints.list(at)) {
    own.add(checkpoint)
    if (own.has(checkpoint)) await sums.add(checkpoint)
    outlook.add(checkpoint)
    whole.add(checkpoint)
  }

  const controlSums = await sums.result()
  const { notable, ...figures } = own.result()
  const rollout = whole.result()
  const wholeTarget = input.checksWholeTarget
    ? await readWholeTarget(archive, at, run.id, header.partitions, segment)
    : undefined
  const examples = await collectExamples(archive, at, notable)
  const counted: StageSummary = {
    ...figures,
    migration: run.migration,
    segment: segment.name,
    stage,
    run: run.id,
    fingerprint: run.fingerprint,
    manifest: header.id,
    startedAt: input.startedAt,
    endedAt: new Date(clock.now()).toISOString(),
    records: figures.ledger.extracted,
    bytes: Math.round((header.bytes * figures.ledger.extracted) / Math.max(1, header.records)),
    reconciliation: {
      ...figures.reconciliation,
      unexpected: wholeTarget?.unexpected ?? 0,
      ...wholeTarget?.figures,
    },
    differences: [...examples.differences, ...(wholeTarget?.examples ?? [])],
    quarantine: examples.quarantine,
    ...(controlSums && spec.kind !== 'rehearse' && { controlSums }),
    rollout: {
      batches: rollout.batches.done,
      of: rollout.batches.total,
      records: rollout.ledger.loaded + rollout.ledger.unchanged,
      ledger: rollout.ledger,
    },
  }
  const summary = { ...counted, ...(await outlook.result(counted, run)) }
  const summaryKey = archiveKeys.summary(at, stage, run.id)
  await writeJson(archive, summaryKey, summary)
  return { summaryKey }
}
