import type { StageRef } from '../shared/contract/payloads.ts'
import { loadedOtherwise, mayBeLoaded } from '../shared/domain/claim.ts'
import type { ManifestHeader } from '../shared/domain/manifest.ts'
import type { CheckpointStore } from '../shared/ports/checkpoint-store.ts'

/**
 * Refuses a definition under which nothing can go on, before anything of the earlier one is written over: so that the
 * rollout can be finished when the earlier one is deployed again. @throws MappingChanged.
 */
export async function requireLoadedDefinition(
  { run: { migration, fingerprint }, segment }: StageRef,
  frozen: ManifestHeader | undefined,
  checkpoints: Pick<CheckpointStore, 'list'>,
): Promise<void> {
  if (frozen === undefined || frozen.fingerprint === fingerprint) return
  for await (const checkpoint of checkpoints.list({ migration, segment, manifest: frozen.id })) {
    if (!mayBeLoaded(checkpoint) || checkpoint.fingerprint === fingerprint) continue
    throw loadedOtherwise(`batch ${checkpoint.batch} of ${segment}`, checkpoint, fingerprint)
  }
}
