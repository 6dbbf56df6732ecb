/** Last state of `stage`: adds up what the stage did, for the judge. */
import { migrations } from '../../migrations/registry.ts'
import { systemClock } from '../shared/adapters/system-clock.ts'
import { summariseInput } from '../shared/contract/payloads.ts'
import { findSegment } from '../shared/domain/definition/find.ts'
import { functionMemory } from '../shared/handler/settings.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, checkpointStore, runStore } from '../shared/handler/stores.ts'
import { summarise } from './summarise.ts'

export const handler = stepHandler({
  name: 'summarise',
  input: summariseInput,
  run: (input) =>
    summarise(input, {
      segment: findSegment(migrations, input.run.migration, input.segment),
      archive: archiveStore(),
      runs: runStore(),
      checkpoints: checkpointStore(),
      clock: systemClock,
      memoryMiB: functionMemory(),
    }),
})
