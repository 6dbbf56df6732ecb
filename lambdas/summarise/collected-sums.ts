import { z } from 'zod'
import type { Checkpoint } from '../shared/domain/checkpoint.ts'
import { controlSumOf } from '../shared/domain/control-sums/control-sums.ts'
import { GroupedSums, groupedState, type GroupedState } from '../shared/domain/control-sums/grouped-sums.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import type { ControlSum } from '../shared/domain/evidence.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'

interface InManifest {
  readonly migration: string
  readonly segment: string
  readonly manifest: string
}

/** Batches whose sums are in memory at a time. */
const atOnce = 2

/**
 * The control sums over all batches that were compared, put together in the order of the batches; not known where
 * those of one batch are not. In a rehearsal they have one side alone, and say just whether their groups are few
 * enough.
 */
export class CollectedSums {
  readonly #archive: ObjectStore
  readonly #at: InManifest
  readonly #sums: readonly GroupedSums[]
  #waiting: Checkpoint[] = []
  #isKnown = true

  constructor(archive: ObjectStore, at: InManifest, { criteria }: Pick<Segment, 'criteria'>) {
    this.#archive = archive
    this.#at = at
    this.#sums = Object.entries(criteria.controlSums ?? {}).map(([name, spec]) => new GroupedSums(name, spec))
  }

  /** @throws TooManyGroups, ArchiveObjectMissing. */
  async add(checkpoint: Checkpoint): Promise<void> {
    if (this.#sums.length === 0 || checkpoint.reconciliation === undefined) return
    this.#waiting.push(checkpoint)
    if (this.#waiting.length === atOnce) await this.#merge()
  }

  /** @throws what `add` throws. */
  async result(): Promise<ControlSum[] | undefined> {
    await this.#merge()
    return this.#sums.length > 0 && this.#isKnown ? this.#sums.map(controlSumOf) : undefined
  }

  async #merge(): Promise<void> {
    const read = await Promise.all(this.#waiting.map((checkpoint) => this.#read(checkpoint)))
    this.#waiting = []
    for (const states of read) {
      for (const sum of this.#sums) {
        const state = states.find(({ name }) => name === sum.name)
        if (state) sum.merge(state)
        else this.#isKnown = false
      }
    }
  }

  async #read({ batch, reconciliation }: Checkpoint): Promise<GroupedState[]> {
    const name = reconciliation?.controlSums
    if (name === undefined) return []
    const key = archiveKeys.controlSums({ ...this.#at, batch }, name)
    return readJson(this.#archive, key, z.array(groupedState))
  }
}
