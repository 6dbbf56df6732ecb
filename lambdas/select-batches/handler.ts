/** State of `stage` before its batches: takes them from the frozen manifest, after a look at source and target. */
import { migrations } from '../../migrations/registry.ts'
import { stageEntry } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, runStore, segmentSource, segmentTarget } from '../shared/handler/stores.ts'
import { selectBatches } from './select-batches.ts'

export const handler = stepHandler({
  name: 'select-batches',
  input: stageEntry,
  run: (input) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    const [source, target] = [segmentSource(segment), segmentTarget(segment)]
    return selectBatches(input, { segment, source, target, archive: archiveStore(), runs: runStore() })
  },
})
