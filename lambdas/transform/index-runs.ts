import type { BatchPorts, ClaimedBatch } from '../shared/batch/batch-step.ts'
import { readTransformed } from '../shared/batch/staged-chunks.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { keyDigest } from '../shared/domain/digest.ts'
import { KeyIndexBuilder } from '../shared/domain/key-index.ts'
import { chunksPerRun } from '../shared/domain/manifest.ts'
import { keyOf } from '../shared/domain/mapping/owned-fields.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import type { Fields } from '../shared/domain/value.ts'

type IndexPorts = BatchPorts & { readonly segment: Segment }

export interface IndexedKey {
  readonly key: Fields
  readonly ordinal: number
  readonly isDuplicate: boolean
}

/** Writes the index of a batch's target keys, run by run. Holds the keys of one run. */
export class IndexRuns {
  readonly #ports: IndexPorts
  readonly #batch: ClaimedBatch
  readonly #runChunks: number
  #index = new KeyIndexBuilder()

  private constructor(ports: IndexPorts, batch: ClaimedBatch) {
    this.#ports = ports
    this.#batch = batch
    this.#runChunks = chunksPerRun(batch.chunkRecords)
  }

  /** Goes on before chunk `first`, with what earlier attempts have staged of its run. @throws StagedObjectMissing. */
  static async before(first: number, ports: IndexPorts, batch: ClaimedBatch): Promise<IndexRuns> {
    const runs = new IndexRuns(ports, batch)
    for (let chunk = first - (first % runs.#runChunks); chunk < first; chunk += 1) {
      for (const { ordinal, after, isDuplicate } of await readTransformed(ports, batch, chunk)) {
        runs.#add({ key: keyOf(ports.segment, after), ordinal, isDuplicate })
      }
    }
    return runs
  }

  /** The keys of the next chunk; a run that it completes is durable afterwards. */
  async addChunk(chunk: number, keys: readonly IndexedKey[]): Promise<void> {
    for (const key of keys) this.#add(key)
    const { at, chunks, partitions } = this.#batch
    const next = chunk + 1
    if (next % this.#runChunks !== 0 && next !== chunks) return
    const run = Math.floor(chunk / this.#runChunks)
    await this.#ports.archive.put(archiveKeys.keyIndex(at, run), this.#index.encode(partitions))
    this.#index = new KeyIndexBuilder()
  }

  #add({ key, ordinal, isDuplicate }: IndexedKey): void {
    const digest = keyDigest(this.#ports.segment.target.at, key)
    this.#index.add({ digest, ordinal, excluded: isDuplicate })
  }
}
