import { BatchFacts } from '../shared/domain/anomalies/batch-facts.ts'
import { findAnomalies } from '../shared/domain/anomalies/find-anomalies.ts'
import type { Checkpoint, Step } from '../shared/domain/checkpoint.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import type { StageSpec } from '../shared/domain/definition/stage.ts'
import type { StageSummary } from '../shared/domain/evidence.ts'
import { actualEffort } from '../shared/domain/forecast/actual-effort.ts'
import { basisOf } from '../shared/domain/forecast/basis.ts'
import { forecastStage } from '../shared/domain/forecast/forecast-stage.ts'
import { prices } from '../shared/domain/forecast/prices.ts'
import type { Circumstances } from '../shared/domain/forecast/stage-work.ts'
import type { BatchListing, ManifestHeader } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { StageProfileBuilder } from '../shared/domain/profile/stage-profile.ts'
import type { Rehearsal } from '../shared/domain/rehearsal.ts'
import { batchesOfStage } from '../shared/domain/selection.ts'
import { writeJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import { batchProfiles } from './batch-profiles.ts'
import { newestRehearsal } from './rehearsals.ts'
import { WorkOfStages } from './work-of-stages.ts'

export interface OutlookPorts {
  readonly segment: Segment
  readonly archive: ObjectStore
  /** Of the functions that work on batches. */
  readonly memoryMiB: Readonly<Record<Step, number>>
}

type Outlook = Required<Pick<StageSummary, 'anomalies'>> & Pick<StageSummary, 'forecast'>
type Sums = Omit<StageSummary, 'anomalies' | 'forecast'>

/** What in a stage is unlike the rest or unlike rehearse, and what the stages take: forecast, and actually. */
export class StageOutlook {
  readonly #ports: OutlookPorts
  readonly #spec: StageSpec
  readonly #header: ManifestHeader
  readonly #all: readonly BatchListing[]
  readonly #own: ReadonlySet<string>
  readonly #facts: BatchFacts
  readonly #duplicates = new Map<string, number>()

  constructor(ports: OutlookPorts, spec: StageSpec, header: ManifestHeader, all: readonly BatchListing[]) {
    this.#ports = ports
    this.#spec = spec
    this.#header = header
    this.#all = all
    this.#own = new Set(batchesOfStage(ports.segment.stages, spec, header.id, all))
    this.#facts = new BatchFacts(this.#isRehearsal)
  }

  get #isRehearsal(): boolean {
    return this.#spec.kind === 'rehearse'
  }

  add(checkpoint: Checkpoint): void {
    if (!this.#own.has(checkpoint.batch)) return
    this.#facts.add(checkpoint)
    if (checkpoint.duplicates > 0) this.#duplicates.set(checkpoint.batch, checkpoint.duplicates)
  }

  /** Keeps what a rehearsal saw. The same checkpoints and profiles give the same outlook. */
  async result(sums: Sums, run: { lockToken: number; concurrency: number }): Promise<Outlook> {
    const { segment, memoryMiB } = this.#ports
    const around = { ...run, memoryMiB, readsFirst: segment.target.holds === 'records' }
    return this.#isRehearsal
      ? this.#ofRehearsal(sums, run.lockToken, around)
      : this.#ofLoad(sums, run.lockToken, around)
  }

  async #ofRehearsal(sums: Sums, lockToken: number, around: Circumstances): Promise<Outlook> {
    const { segment, archive } = this.#ports
    const work = new WorkOfStages(segment, this.#header.id, this.#all)
    const seen = new StageProfileBuilder()
    for await (const { batch, rehearsed } of this.#profiles(sums)) {
      if (rehearsed.length > 0) seen.add(rehearsed)
      work.add(batch.batch, rehearsed)
    }
    const now = seen.result()
    const { manifest, fingerprint, ledger, startedAt, endedAt } = sums
    const before = await newestRehearsal(
      archive,
      sums,
      lockToken,
      (found) => found.manifest !== manifest || found.fingerprint !== fingerprint,
    )
    const anomalies = findAnomalies(
      {
        seen: 'the rehearsal before',
        before: before?.profile,
        // Where every batch failed, nobody knows what the source looks like.
        now: now.batches > 0 ? now : undefined,
        ...{ reasonsBefore: before?.quarantined, reasons: ledger.quarantined },
      },
      this.#facts,
    )
    const seconds = Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000)
    const took = { records: ledger.extracted, seconds, milliseconds: this.#facts.milliseconds }
    const forecast = {
      prices: prices.date,
      stages: work.result().map((one) => forecastStage(one, took, around)),
      basis: basisOf(took, now.mapped, around),
    }
    const kept: Rehearsal = { manifest, fingerprint, profile: now, quarantined: ledger.quarantined, forecast }
    await writeJson(archive, archiveKeys.rehearsal(sums, lockToken), kept)
    return { anomalies, forecast }
  }

  async #ofLoad(sums: Sums, lockToken: number, around: Circumstances): Promise<Outlook> {
    const { segment, archive } = this.#ports
    const { manifest, fingerprint, ledger } = sums
    const work = new WorkOfStages(segment, this.#header.id, this.#all)
    const before = new StageProfileBuilder()
    const now = new StageProfileBuilder()
    let isReadAnew = false
    for await (const { batch, rehearsed, anew } of this.#profiles(sums)) {
      work.add(batch.batch, rehearsed.length > 0 ? rehearsed : anew)
      // The same batches on both sides, so that a sample is compared with itself, and not with the whole.
      if (rehearsed.length === 0 || anew.length === 0) continue
      isReadAnew = true
      before.add(rehearsed)
      now.add(anew)
    }
    const rehearsed = await newestRehearsal(
      archive,
      sums,
      lockToken + 1,
      (found) => found.manifest === manifest && found.fingerprint === fingerprint,
    )
    const anomalies = findAnomalies(
      {
        seen: 'rehearse',
        before: isReadAnew ? before.result() : undefined,
        now: isReadAnew ? now.result() : undefined,
        ...{ reasonsBefore: rehearsed?.quarantined, reasons: ledger.quarantined },
      },
      this.#facts,
    )
    const own = work.result().find(({ stage }) => stage === this.#spec.id)
    if (!rehearsed || !own) return { anomalies }
    const { forecast } = rehearsed
    const stages = forecast.stages.filter(({ stage }) => stage === this.#spec.id)
    const actual = actualEffort(own, sums, this.#facts.milliseconds, around)
    return { anomalies, forecast: { ...forecast, stages, actual } }
  }

  #profiles(sums: Sums) {
    const own = this.#all.filter(({ batch }) => this.#own.has(batch))
    const { chunkRecords } = this.#header
    return batchProfiles(
      this.#ports.archive,
      { ...sums, chunkRecords },
      own.map(({ batch, records }) => ({ batch, records, duplicates: this.#duplicates.get(batch) ?? 0 })),
    )
  }
}
