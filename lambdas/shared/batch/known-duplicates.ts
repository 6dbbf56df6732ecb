import { duplicateOrdinals } from '../domain/duplicates.ts'
import { archiveKeys } from '../domain/object-keys.ts'
import { readJson } from '../ports/json-objects.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { ClaimedBatch } from './batch-step.ts'

/** Ordinals in a batch whose keys were found to occur more than once, under its present definition. */
export async function knownDuplicates(
  archive: ObjectStore,
  { at, checkpoint }: ClaimedBatch,
): Promise<ReadonlySet<number>> {
  const known = new Set<number>()
  if (checkpoint.duplicates === 0) return known
  for await (const key of archive.list(archiveKeys.duplicatesOf(at))) {
    const { fingerprint, ordinals } = await readJson(archive, key, duplicateOrdinals)
    if (fingerprint === checkpoint.fingerprint) for (const ordinal of ordinals) known.add(ordinal)
  }
  return known
}
