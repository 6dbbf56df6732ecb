import { isAnyLoaded } from '../shared/batch/loaded-batches.ts'
import type { StageRef } from '../shared/contract/payloads.ts'
import type { ManifestHeader } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { listingDigest, sourceChanged, sourceChanges } from '../shared/domain/source-change.ts'
import { surveySchema } from '../shared/domain/survey.ts'
import type { CheckpointStore } from '../shared/ports/checkpoint-store.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import type { Source } from '../shared/ports/source.ts'

export interface PlannedSourcePorts {
  readonly source: Pick<Source, 'find'>
  readonly archive: ObjectStore
  readonly runs: RunStore
  readonly checkpoints: CheckpointStore
}

/**
 * Whether a listing of the source shows what was planned under this definition, as far as anything was. False only
 * for a stage that plans, and only while nothing is loaded: then it plans anew. @throws SourceChanged.
 */
export async function isAsPlanned(
  { run: { migration, fingerprint }, segment }: StageRef,
  plans: boolean,
  frozen: ManifestHeader | undefined,
  { source, archive, checkpoints }: PlannedSourcePorts,
): Promise<boolean> {
  if (frozen?.fingerprint !== fingerprint) return true
  const found = await source.find()
  if (listingDigest(found) === frozen.source) return true

  const at = { migration, segment, manifest: frozen.id }
  const isLoaded = await isAnyLoaded(checkpoints, at)
  if (plans && !isLoaded) return false
  const planned = await readJson(archive, archiveKeys.survey(at), surveySchema)
  throw sourceChanged(segment, sourceChanges(planned.objects, found), isLoaded)
}
