/** State of `stage` at `full`, once per part of the target, until it says that the part is complete. */
import { migrations } from '../../migrations/registry.ts'
import { scanTargetInput } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { runStore, segmentTarget, stagingStore } from '../shared/handler/stores.ts'
import { scanTarget } from './scan-target.ts'

export const handler = stepHandler({
  name: 'scan-target',
  input: scanTargetInput,
  run: (input, { deadline }) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    return scanTarget(input, {
      segment,
      target: segmentTarget(segment),
      staging: stagingStore(),
      runs: runStore(),
      deadline,
    })
  },
})
