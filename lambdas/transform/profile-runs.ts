import type { BatchPorts, ClaimedBatch } from '../shared/batch/batch-step.ts'
import { readExtracted, readTransformed } from '../shared/batch/staged-chunks.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { itemBytes } from '../shared/domain/forecast/item-size.ts'
import { chunksPerRun } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { ProfileBuilder } from '../shared/domain/profile/profile-builder.ts'
import { profiledColumns } from '../shared/domain/profile/profiled-columns.ts'
import { writeJson } from '../shared/ports/json-objects.ts'

type ProfilePorts = BatchPorts & { readonly segment: Segment }
type Pass = 'rehearse' | 'load'

/** Writes the profile of a batch's source, run by run of chunks, as the index of its keys is written. */
export class ProfileRuns {
  readonly #ports: ProfilePorts
  readonly #batch: ClaimedBatch
  readonly #pass: Pass
  readonly #runChunks: number
  /** Of the run under way. */
  current: ProfileBuilder

  private constructor(ports: ProfilePorts, batch: ClaimedBatch, pass: Pass) {
    this.#ports = ports
    this.#batch = batch
    this.#pass = pass
    this.#runChunks = chunksPerRun(batch.chunkRecords)
    this.current = this.#begin()
  }

  /** Goes on before chunk `first`, with what earlier attempts have seen of its run. @throws StagedObjectMissing. */
  static async before(
    first: number,
    ports: ProfilePorts,
    batch: ClaimedBatch,
    pass: Pass,
  ): Promise<ProfileRuns> {
    const runs = new ProfileRuns(ports, batch, pass)
    for (let chunk = first - (first % runs.#runChunks); chunk < first; chunk += 1) {
      for (const record of await readExtracted(ports, batch, chunk)) runs.current.see(record)
      for (const { after, isDuplicate } of await readTransformed(ports, batch, chunk)) {
        if (!isDuplicate) runs.current.seeItem(itemBytes(after))
      }
    }
    return runs
  }

  /** A run that the chunk completes is durable afterwards. */
  async endChunk(chunk: number): Promise<void> {
    const { at, checkpoint, chunks } = this.#batch
    const next = chunk + 1
    if (next % this.#runChunks !== 0 && next !== chunks) return
    const run = Math.floor(chunk / this.#runChunks)
    const key = archiveKeys.profile(at, checkpoint, this.#pass, run)
    await writeJson(this.#ports.archive, key, this.current.result())
    this.current = this.#begin()
  }

  #begin(): ProfileBuilder {
    return new ProfileBuilder(profiledColumns(this.#ports.segment), this.#batch.slice.object.names)
  }
}
