/** State of `stage` at `full`, once per partition of the key index: is anything there that the source does not explain? */
import { migrations } from '../../migrations/registry.ts'
import { partitionStep } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, runStore, stagingStore } from '../shared/handler/stores.ts'
import { findUnexpected } from './find-unexpected.ts'

export const handler = stepHandler({
  name: 'find-unexpected',
  input: partitionStep,
  run: (input) =>
    findUnexpected(input, {
      segment: findSegment(migrations, input.run.migration, input.segment),
      archive: archiveStore(),
      staging: stagingStore(),
      runs: runStore(),
    }),
})
