import type { Segment } from '../shared/domain/definition/segment.ts'
import type { StageWork } from '../shared/domain/forecast/stage-work.ts'
import type { BatchListing } from '../shared/domain/manifest.ts'
import type { PartProfile } from '../shared/domain/profile/profile.ts'
import { batchesOfStage } from '../shared/domain/selection.ts'

interface Sum {
  batches: number
  records: number
  readonly mapped: { records: number; writeUnits: number; readUnits: number }
}

/** What each stage that loads has to do, from the manifest and the profiles of its batches. */
export class WorkOfStages {
  readonly #segment: Segment
  readonly #stageOf = new Map<string, string>()
  readonly #sums = new Map<string, Sum>()
  #bytes = 0

  constructor(segment: Segment, manifest: string, all: readonly BatchListing[]) {
    this.#segment = segment
    const planned = new Map(all.map(({ batch, records }) => [batch, records]))
    for (const spec of segment.stages) {
      if (spec.kind === 'rehearse') continue
      const sum: Sum = { batches: 0, records: 0, mapped: { records: 0, writeUnits: 0, readUnits: 0 } }
      for (const batch of batchesOfStage(segment.stages, spec, manifest, all)) {
        this.#stageOf.set(batch, spec.id)
        sum.batches += 1
        sum.records += planned.get(batch) ?? 0
      }
      this.#sums.set(spec.id, sum)
    }
  }

  add(batch: string, parts: readonly PartProfile[]): void {
    const sum = this.#sums.get(this.#stageOf.get(batch) ?? '')
    for (const { mapped } of parts) {
      this.#bytes += mapped.bytes
      if (!sum) continue
      sum.mapped.records += mapped.records
      sum.mapped.writeUnits += mapped.writeUnits
      sum.mapped.readUnits += mapped.readUnits
    }
  }

  result(): StageWork[] {
    return this.#segment.stages.flatMap(({ id, kind }) => {
      const sum = this.#sums.get(id)
      return sum ? [{ stage: id, ...sum, scannedBytes: kind === 'full' ? this.#bytes : 0 }] : []
    })
  }
}
