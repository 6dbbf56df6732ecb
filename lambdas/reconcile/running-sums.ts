import { z } from 'zod'
import type { ClaimedBatch } from '../shared/batch/batch-step.ts'
import { GroupedSums, groupedState } from '../shared/domain/control-sums/grouped-sums.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { readJson, writeJson } from '../shared/ports/json-objects.ts'
import type { Pair } from './compare-chunk.ts'
import type { ReconcilePorts } from './reconcile-ports.ts'

/**
 * The control sums of a batch while it is reconciled. After each chunk they go into an object that the checkpoint then
 * names: two names in turn for each attempt, so that what a checkpoint names is never written over, neither by this
 * attempt nor by one that comes late.
 */
export class RunningSums {
  readonly #ports: Pick<ReconcilePorts, 'archive'>
  readonly #batch: ClaimedBatch
  readonly #sums: readonly GroupedSums[]

  private constructor(
    ports: Pick<ReconcilePorts, 'archive'>,
    batch: ClaimedBatch,
    sums: readonly GroupedSums[],
  ) {
    this.#ports = ports
    this.#batch = batch
    this.#sums = sums
  }

  /** As they are before the batch's next chunk. @throws ArchiveObjectMissing. */
  static async resume(ports: ReconcilePorts, batch: ClaimedBatch): Promise<RunningSums> {
    const specs = Object.entries(ports.segment.criteria.controlSums ?? {})
    const sums = new RunningSums(
      ports,
      batch,
      specs.map(([name, spec]) => new GroupedSums(name, spec)),
    )
    const { progress, reconciliation } = batch.checkpoint
    if (progress.chunk > 0) await sums.#read(reconciliation?.controlSums)
    return sums
  }

  add(pairs: readonly Pair[]): void {
    for (const sum of this.#sums) for (const { expected, actual } of pairs) sum.add(expected.after, actual)
  }

  /** Makes them durable, and answers what the checkpoint is to say of them once `chunk` chunks are done. */
  async keep(chunk: number): Promise<{ readonly controlSums?: string }> {
    if (this.#sums.length === 0) return {}
    const { at, checkpoint } = this.#batch
    const controlSums = `${checkpoint.attempt}-${chunk % 2}`
    await writeJson(
      this.#ports.archive,
      archiveKeys.controlSums(at, controlSums),
      this.#sums.map((sum) => sum.state()),
    )
    return { controlSums }
  }

  async #read(name: string | undefined): Promise<void> {
    if (name === undefined) return
    const key = archiveKeys.controlSums(this.#batch.at, name)
    const states = await readJson(this.#ports.archive, key, z.array(groupedState))
    for (const sum of this.#sums) {
      const state = states.find((one) => one.name === sum.name)
      if (state) sum.merge(state)
    }
  }
}
