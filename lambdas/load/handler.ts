/** State of a batch in `stage` after `transform`, where the stage loads: writes to the target, undoably. */
import { migrations } from '../../migrations/registry.ts'
import { batchStep } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { batchPorts } from '../shared/handler/batch-ports.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { segmentTarget } from '../shared/handler/stores.ts'
import { load } from './load.ts'

export const handler = stepHandler({
  name: 'load',
  input: batchStep,
  run: (input, context) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    return load(input, { ...batchPorts(context), segment, target: segmentTarget(segment, context.metrics) })
  },
})
