import { beginStage } from '../../lambdas/begin-stage/begin-stage.ts'
import { extract } from '../../lambdas/extract/extract.ts'
import { findDuplicates } from '../../lambdas/find-duplicates/find-duplicates.ts'
import { findUnexpected } from '../../lambdas/find-unexpected/find-unexpected.ts'
import { freezeManifest } from '../../lambdas/freeze-manifest/freeze-manifest.ts'
import { load } from '../../lambdas/load/load.ts'
import { reconcile } from '../../lambdas/reconcile/reconcile.ts'
import { scanRange } from '../../lambdas/scan-range/scan-range.ts'
import { scanTarget } from '../../lambdas/scan-target/scan-target.ts'
import { selectBatches } from '../../lambdas/select-batches/select-batches.ts'
import {
  batchRef,
  surveyRange,
  type BeginStageResult,
  type Selection,
  type StageRef,
} from '../../lambdas/shared/contract/payloads.ts'
import { findSegment, findStage } from '../../lambdas/shared/domain/definition/find.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { stageSummary, type StageSummary } from '../../lambdas/shared/domain/evidence.ts'
import { keyNames, ownedFields } from '../../lambdas/shared/domain/mapping/owned-fields.ts'
import { readJson } from '../../lambdas/shared/ports/json-objects.ts'
import { summarise } from '../../lambdas/summarise/summarise.ts'
import { surveySource } from '../../lambdas/survey-source/survey-source.ts'
import { transform } from '../../lambdas/transform/transform.ts'
import { FakeCalendars } from './fake-calendars.ts'
import { FakeCheckpointStore } from './fake-checkpoint-store.ts'
import { deadlineAfter, FakeClock } from './fake-clock.ts'
import { FakeGateStore } from './fake-gate-store.ts'
import { FakeObjectStore } from './fake-object-store.ts'
import { FakeRunStore } from './fake-run-store.ts'
import { fakeSource, type FakeSource } from './fake-source.ts'
import { FakeTarget } from './fake-target.ts'

const startedAt = '2026-01-01T00:00:00.000Z'
const hasher = { prepare: async () => (text: string) => `hash of ${text}` }

/** Whole stages in memory, state after state as `stage.asl.json` has them, over one target for all segments. */
export class StageWorld {
  readonly staging = new FakeObjectStore('staging')
  readonly archive = new FakeObjectStore('archive')
  readonly checkpoints = new FakeCheckpointStore()
  readonly runs = new FakeRunStore()
  readonly gates = new FakeGateStore()
  readonly clock = new FakeClock()
  readonly sources = new Map<string, FakeSource>()
  readonly targets = new Map<string, FakeTarget>()
  readonly migration: Migration
  readonly run = {
    ...{ id: 'run-1', executionArn: 'arn:run-1', startedBy: 'operator@example.com', startedAt },
    ...{ migration: 'm', fingerprint: 'a'.repeat(64), lockToken: 1, concurrency: 1 },
  }

  constructor(
    migration: Migration,
    contents: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>,
  ) {
    this.migration = migration
    for (const segment of migration.segments) {
      this.sources.set(segment.name, fakeSource(segment.source, contents[segment.name]))
      this.targets.set(segment.name, new FakeTarget(keyNames(segment), ownedFields(segment)))
    }
    this.runs.locks.set('m', { migration: 'm', token: 1, holders: ['arn:run-1'] })
  }

  ref(segment: string, stage: string): StageRef {
    return { run: this.run, segment, stage }
  }

  private portsOf(name: string) {
    const segment = findSegment([this.migration], 'm', name)
    const { staging, archive, checkpoints, runs, gates, clock } = this
    const source = this.sources.get(name)
    const target = this.targets.get(name)
    if (!source || !target) throw new Error(`no segment ${name}`)
    const metrics = { count: () => {} }
    const calendars = new FakeCalendars()
    const stores = { staging, archive, checkpoints, runs, gates, clock, calendars }
    const memoryMiB = { extract: 1769, transform: 1769, load: 1769, reconcile: 1769 }
    return {
      ...stores,
      migrations: [this.migration],
      memoryMiB,
      segment,
      source,
      target,
      metrics,
      deadline: deadlineAfter(),
      hasher,
      settleDelay: 1,
    }
  }

  /** What a run would do with a stage. */
  begin(segment: string, stage: string): Promise<BeginStageResult> {
    return beginStage(this.ref(segment, stage), this.portsOf(segment))
  }

  async plan(segment: string): Promise<void> {
    const ref = this.ref(segment, 'rehearse')
    const ports = this.portsOf(segment)
    const { survey, key } = await surveySource({ ...ref, execution: 'arn:stage-1' }, ports)
    for (const line of this.lines(key)) {
      await scanRange({ ...ref, survey, range: surveyRange.parse(JSON.parse(line)) }, ports)
    }
    await freezeManifest({ ...ref, survey }, ports)
  }

  /** Runs a stage to its summary. */
  async stage(segment: string, stage: string): Promise<StageSummary> {
    const ref = this.ref(segment, stage)
    const ports = this.portsOf(segment)
    const { kind } = findStage(ports.segment, stage)
    if (kind === 'rehearse') await this.plan(segment)
    const selection = await selectBatches({ ...ref, execution: 'arn:stage-1' }, ports)
    const { manifest, partitions, scanParts: parts } = selection
    const all = Array.from({ length: partitions }, (_, partition) => ({ ...ref, manifest, partition }))

    let affected: number
    do {
      affected = 0
      await this.batches(segment, stage, selection, kind !== 'rehearse')
      if (kind !== 'rehearse') break
      for (const step of all) affected += (await findDuplicates(step, ports)).affected
    } while (affected > 0)
    if (kind === 'full') {
      for (let part = 0; part < parts; part += 1) await scanTarget({ ...ref, manifest, part, parts }, ports)
      for (const step of all) await findUnexpected(step, ports)
    }
    const input = { ...ref, manifest, startedAt, checksWholeTarget: kind === 'full' }
    const { summaryKey } = await summarise(input, ports)
    return readJson(this.archive, summaryKey, stageSummary)
  }

  private async batches(
    segment: string,
    stage: string,
    { manifest, key }: Selection,
    loads: boolean,
  ): Promise<void> {
    for (const line of this.lines(key)) {
      const { batch } = batchRef.parse(JSON.parse(line))
      const input = { ...this.ref(segment, stage), manifest, batch, loads }
      for (const step of [extract, transform, ...(loads ? [load] : []), reconcile]) {
        const { outcome } = await step(input, this.portsOf(segment))
        if (outcome === 'failed') break
      }
    }
  }

  lines(key: string): string[] {
    return (this.archive.text(key) ?? '').split('\n').filter((line) => line !== '')
  }
}
