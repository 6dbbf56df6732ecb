import type { BatchPorts } from '../shared/batch/batch-step.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import type { Target } from '../shared/ports/target.ts'

export interface LoadPorts extends BatchPorts {
  readonly segment: Segment
  readonly target: Target
}
