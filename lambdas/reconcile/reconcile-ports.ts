import type { BatchPorts } from '../shared/batch/batch-step.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import type { PiiHasher } from '../shared/ports/pii-hasher.ts'
import type { Source } from '../shared/ports/source.ts'
import type { Target } from '../shared/ports/target.ts'

export interface ReconcilePorts extends BatchPorts {
  readonly segment: Segment
  readonly source: Source
  readonly hasher: PiiHasher
  readonly target: Target
  /** How long a difference may take to settle before both sides are read again, in milliseconds. */
  readonly settleDelay: number
}
