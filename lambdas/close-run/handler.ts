/** Last state of `migrate`: says how the run ended, and frees the lock. */
import { migrations } from '../../migrations/registry.ts'
import { closeRunInput } from '../shared/contract/payloads.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, operatorMails, runStore } from '../shared/handler/stores.ts'
import { closeRun } from './close-run.ts'

export const handler = stepHandler({
  name: 'close-run',
  input: closeRunInput,
  run: (input) =>
    closeRun(input, { migrations, runs: runStore(), archive: archiveStore(), notifier: operatorMails() }),
})
