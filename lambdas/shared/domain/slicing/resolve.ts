import type { Slice, SourceObject } from '../manifest.ts'
import type { Place } from '../source-record.ts'
import { inQuotes, recordStart } from './record-machine.ts'
import type { RangeScan } from './range-scan.ts'

type Cut = Omit<Slice, 'object' | 'end'>

export interface Resolved {
  readonly slices: Slice[]
  /** Where the last record begins, if a quote in it is still open where the object ends. */
  readonly open?: Pick<Place, 'byte' | 'line'>
}

/**
 * Composes the scans of all ranges of an object, in any order, to slices of about `batchBytes` that begin and
 * end where records do. Cheap: one step per block. @throws RangeError when the scans leave a gap.
 */
export function resolve(object: SourceObject, scans: readonly RangeScan[], batchBytes: number): Resolved {
  const cuts: Cut[] = []
  let last: Resolved['open']
  let state = recordStart
  let line = 1
  let at = 0
  for (const block of scans.toSorted((a, b) => a.start - b.start).flatMap((scan) => scan.blocks)) {
    const outcome = block.outcomes[state]
    if (block.start !== at || outcome === undefined) {
      throw new RangeError(`the scans of ${object.key} do not join at byte ${at}; survey it again`)
    }
    if (outcome.first && outcome.last) {
      const start = block.start + outcome.first.at
      const cut = cuts.at(-1)
      // The cut nearest to `batchBytes`: half a block short of it is nearer than half a block beyond.
      const full = cut && start - cut.start >= batchBytes - (block.end - block.start) / 2
      if (cut && !full) cut.records += outcome.records
      else cuts.push({ start, line: line + outcome.first.lines, records: outcome.records })
      last = { byte: block.start + outcome.last.at, line: line + outcome.last.lines }
    }
    line += outcome.lines
    state = outcome.next
    at = block.end
  }
  if (!object.gzip && at !== object.size) {
    throw new RangeError(`the scans of ${object.key} end at byte ${at} of ${object.size}; survey it again`)
  }
  const slices = cuts.map((cut, index) => ({ object, end: cuts[index + 1]?.start ?? at, ...cut }))
  return state === inQuotes && last ? { slices, open: last } : { slices }
}
