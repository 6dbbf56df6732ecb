import { mayBeLoaded } from '../domain/claim.ts'
import type { BatchId, CheckpointStore } from '../ports/checkpoint-store.ts'

/** Whether a batch of a manifest can have reached the target: then its identity must not change any more. */
export async function isAnyLoaded(
  checkpoints: CheckpointStore,
  manifest: Omit<BatchId, 'batch'>,
): Promise<boolean> {
  for await (const checkpoint of checkpoints.list(manifest)) if (mayBeLoaded(checkpoint)) return true
  return false
}
