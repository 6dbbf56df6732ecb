/** First state of `stage` when it plans (rehearse): lists and pins the source, for `scan-range` to read. */
import { migrations } from '../../migrations/registry.ts'
import { stageEntry } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, checkpointStore, runStore, segmentSource } from '../shared/handler/stores.ts'
import { surveySource } from './survey-source.ts'

export const handler = stepHandler({
  name: 'survey-source',
  input: stageEntry,
  run: (input) => {
    const segment = findSegment(migrations, input.run.migration, input.segment)
    return surveySource(input, {
      segment,
      source: segmentSource(segment),
      archive: archiveStore(),
      runs: runStore(),
      checkpoints: checkpointStore(),
    })
  },
})
