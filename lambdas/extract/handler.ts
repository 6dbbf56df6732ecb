/** First state of a batch in `stage`: stages the batch's records as its source has them, for `transform`. */
import { migrations } from '../../migrations/registry.ts'
import { batchStep } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { batchPorts } from '../shared/handler/batch-ports.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { segmentSource } from '../shared/handler/stores.ts'
import { extract } from './extract.ts'

export const handler = stepHandler({
  name: 'extract',
  input: batchStep,
  run: (input, context) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    return extract(input, { ...batchPorts(context), source: segmentSource(segment) })
  },
})
