/** State of a batch in `stage` after `extract`: maps the staged records, for `load` and the key index. */
import { migrations } from '../../migrations/registry.ts'
import { batchStep } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { batchPorts } from '../shared/handler/batch-ports.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { piiHasher } from '../shared/handler/stores.ts'
import { transform } from './transform.ts'

export const handler = stepHandler({
  name: 'transform',
  input: batchStep,
  run: (input, context) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    return transform(input, { ...batchPorts(context), segment, hasher: piiHasher() })
  },
})
