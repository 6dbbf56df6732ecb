import { LockgateError } from '../shared/contract/errors.ts'
import type { StageRef, SurveyRange } from '../shared/contract/payloads.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { surveySchema } from '../shared/domain/survey.ts'
import { readJson, writeJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { Source } from '../shared/ports/source.ts'

interface ScanRangePorts {
  readonly source: Source
  readonly archive: ObjectStore
}

/** Scans one range of bytes and leaves what it found for each state that a parser could be in at its start. */
export async function scanRange(
  {
    run,
    segment,
    survey: manifest,
    range,
  }: StageRef & { readonly survey: string; readonly range: SurveyRange },
  { source, archive }: ScanRangePorts,
): Promise<void> {
  const at = { migration: run.migration, segment, manifest }
  const survey = await readJson(archive, archiveKeys.survey(at), surveySchema)
  const object = survey.objects[range.object]
  if (!object) throw new LockgateError('InvalidInput', `the survey ${manifest} has no object ${range.object}`)
  const scan = await source.scan(object, range.start, range.end, survey.batchBytes)
  await writeJson(archive, archiveKeys.rangeScan(at, range.object, range.start), scan)
}
