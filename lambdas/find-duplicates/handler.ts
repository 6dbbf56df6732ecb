/** State of `stage` after a rehearsal's batches, once per partition of the key index. */
import { migrations } from '../../migrations/registry.ts'
import { partitionStep } from '../shared/contract/payloads.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, checkpointStore, runStore } from '../shared/handler/stores.ts'
import { findDuplicates } from './find-duplicates.ts'

export const handler = stepHandler({
  name: 'find-duplicates',
  input: partitionStep,
  run: (input) =>
    findDuplicates(input, {
      migrations,
      archive: archiveStore(),
      runs: runStore(),
      checkpoints: checkpointStore(),
    }),
})
