/** State of `stage` after ScanRanges: joins the scans into batches, whose identity never changes from here on. */
import { freezeManifestInput } from '../shared/contract/payloads.ts'
import { stepHandler } from '../shared/handler/step-handler.ts'
import { archiveStore, runStore } from '../shared/handler/stores.ts'
import { freezeManifest } from './freeze-manifest.ts'

export const handler = stepHandler({
  name: 'freeze-manifest',
  input: freezeManifestInput,
  run: (input) => freezeManifest(input, { archive: archiveStore(), runs: runStore() }),
})
