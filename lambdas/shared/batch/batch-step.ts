import { batchErrors, isRefusal, LockgateError } from '../contract/errors.ts'
import type { BatchStep, StepResult } from '../contract/payloads.ts'
import { effortName, type Checkpoint, type Step } from '../domain/checkpoint.ts'
import { chunkCount, manifestBatch, type Slice } from '../domain/manifest.ts'
import { archiveKeys } from '../domain/object-keys.ts'
import { failedOn } from '../domain/take-up.ts'
import type { BatchId, CheckpointStore } from '../ports/checkpoint-store.ts'
import type { Clock, Deadline } from '../ports/clock.ts'
import { readJson } from '../ports/json-objects.ts'
import type { Meter } from '../ports/meter.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { RunStore } from '../ports/run-store.ts'

/** What every step on a batch works with. */
export interface BatchPorts {
  readonly runs: Pick<RunStore, 'requireLock' | 'manifest'>
  readonly checkpoints: CheckpointStore
  readonly staging: ObjectStore
  readonly archive: ObjectStore
  readonly clock: Clock
  readonly deadline: Deadline
  readonly metrics: Meter
  /** Told of what fails a batch: the checkpoint has no cause, because the words of a service may hold a value. */
  readonly onFailure?: (error: LockgateError) => void
}

/** A batch that this attempt has claimed, and its checkpoint as it was last written. */
export class ClaimedBatch {
  readonly at: BatchId
  readonly slice: Slice
  readonly chunkRecords: number
  readonly partitions: number
  checkpoint: Checkpoint
  /** Whether this attempt has finished a chunk. */
  advanced = false
  /** Under which name its time is counted. */
  readonly #effort: string
  readonly #ports: BatchPorts
  #since: number

  constructor(
    step: Step,
    ports: BatchPorts,
    at: BatchId,
    checkpoint: Checkpoint,
    plan: { readonly slice: Slice; readonly chunkRecords: number; readonly partitions: number },
    rehearsal = false,
  ) {
    this.at = at
    this.slice = plan.slice
    this.chunkRecords = plan.chunkRecords
    this.partitions = plan.partitions
    this.checkpoint = checkpoint
    this.#effort = effortName(step, rehearsal)
    this.#ports = ports
    this.#since = ports.clock.now()
  }

  get chunks(): number {
    return chunkCount(this.slice.records, this.chunkRecords)
  }

  /** Whether the next chunk is to wait for another attempt; asked after a chunk, so that every attempt gets on. */
  mustPause(): boolean {
    return this.#ports.deadline.isNear()
  }

  /** Presents the token to the lock too: a run that has not come to this batch yet may have it. @throws LockLost. */
  async save(next: Checkpoint): Promise<void> {
    await this.#ports.runs.requireLock(this.at.migration, this.checkpoint.lockToken)
    const now = this.#ports.clock.now()
    const spent = (next.milliseconds[this.#effort] ?? 0) + Math.max(0, Math.round(now - this.#since))
    const milliseconds = { ...next.milliseconds, [this.#effort]: spent }
    this.checkpoint = await this.#ports.checkpoints.save(this.at, { ...next, milliseconds })
    this.#since = now
  }

  /** Saves what is true after a finished chunk. */
  async advance(next: Checkpoint): Promise<void> {
    await this.save(next)
    this.advanced = true
  }
}

export const batchIdOf = ({ run, segment, manifest, batch }: BatchStep): BatchId => ({
  migration: run.migration,
  segment,
  manifest,
  batch,
})

/**
 * Runs one step on one batch: lock, claim, work, outcome. `work` answers whether the step is complete. What
 * the data is to blame for fails the batch and nothing else, for the rest of this run. @throws LockLost,
 * NotEligible, MappingChanged, AttemptSuperseded, TimeTooShort, and what `work` throws.
 */
export async function runBatchStep(
  step: Step,
  input: BatchStep,
  ports: BatchPorts,
  work: (batch: ClaimedBatch) => Promise<boolean>,
): Promise<StepResult> {
  const { run, loads } = input
  const at = batchIdOf(input)
  await ports.runs.requireLock(run.migration, run.lockToken)
  const { lockToken, fingerprint } = run
  const claim = await ports.checkpoints.claim({ ...at, step, lockToken, fingerprint, rehearsal: !loads })
  if (claim.status !== 'claimed') {
    return { isComplete: true, outcome: claim.status === 'failed' ? 'failed' : 'ok' }
  }
  const batch = new ClaimedBatch(step, ports, at, claim.checkpoint, await planOf(at, ports), !loads)
  try {
    return { isComplete: await work(batch), outcome: 'ok' }
  } catch (error) {
    return outcomeOf(error, step, batch, ports, !loads)
  }
}

async function planOf(at: BatchId, { runs, archive }: BatchPorts) {
  const [{ slice }, header] = await Promise.all([
    readJson(archive, archiveKeys.batch(at), manifestBatch),
    runs.manifest(at.migration, at.segment),
  ])
  if (header?.id === at.manifest)
    return { slice, chunkRecords: header.chunkRecords, partitions: header.partitions }
  const message = `${at.segment} is planned under manifest ${header?.id ?? '(none)'} by now; start the migration again`
  throw new LockgateError('SourceChanged', message)
}

async function outcomeOf(
  error: unknown,
  step: Step,
  batch: ClaimedBatch,
  ports: BatchPorts,
  rehearsal: boolean,
): Promise<StepResult> {
  if (isRefusal(error, ...batchErrors)) {
    await batch.save(failedOn(batch.checkpoint, error, rehearsal))
    ports.metrics.count('BatchesFailed')
    ports.onFailure?.(error)
    return { isComplete: true, outcome: 'failed' }
  }
  // A target that throttles is slow, not broken: what was written stays, and the next attempt goes on from it.
  if (isRefusal(error, 'TargetThrottled')) return { isComplete: false, outcome: 'ok' }
  const isOverTime = ports.deadline.signal.aborted && (!isRefusal(error) || error.name === 'TimeTooShort')
  if (!isOverTime) throw error
  if (batch.advanced) return { isComplete: false, outcome: 'ok' }
  throw new LockgateError(
    'TimeTooShort',
    `${step} could not finish one chunk of ${batch.chunkRecords} records in the time it was given: give the ` +
      'function more memory, or plan smaller chunks (slicing.chunkRecords, before anything is loaded)',
    { cause: error },
  )
}
