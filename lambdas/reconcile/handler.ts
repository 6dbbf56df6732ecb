/** Last state of a batch in `stage`: compares a fresh read of the source with the target, for `summarise`. */
import { migrations } from '../../migrations/registry.ts'
import { batchStep } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { batchPorts } from '../shared/handler/batch-ports.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { piiHasher, segmentSource, segmentTarget } from '../shared/handler/stores.ts'
import { reconcile } from './reconcile.ts'

/** Milliseconds: longer than it takes a write that was under way to arrive. */
const settleDelay = 1_000

export const handler = stepHandler({
  name: 'reconcile',
  input: batchStep,
  run: (input, context) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    const [source, target] = [segmentSource(segment), segmentTarget(segment, context.metrics)]
    return reconcile(input, {
      ...batchPorts(context),
      segment,
      source,
      target,
      hasher: piiHasher(),
      settleDelay,
    })
  },
})
