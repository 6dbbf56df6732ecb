/** State of `stage` before its batches: takes them from the frozen manifest, after a look at the target. */
import { migrations } from '../../migrations/registry.ts'
import { stageEntry } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, runStore, segmentTarget } from '../shared/handler/stores.ts'
import { selectBatches } from './select-batches.ts'

export const handler = stepHandler({
  name: 'select-batches',
  input: stageEntry,
  run: (input) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    const stores = { archive: archiveStore(), runs: runStore() }
    return selectBatches(input, { segment, target: segmentTarget(segment), ...stores })
  },
})
