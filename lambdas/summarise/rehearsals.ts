import { archiveKeys } from '../shared/domain/object-keys.ts'
import { rehearsal, type Rehearsal } from '../shared/domain/rehearsal.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'

interface At {
  readonly migration: string
  readonly segment: string
}

/** The newest rehearsal of a segment, before a lock token, that is as asked for. */
export async function newestRehearsal(
  archive: ObjectStore,
  at: At,
  before: number,
  isWanted: (found: Rehearsal) => boolean,
): Promise<Rehearsal | undefined> {
  const end = archiveKeys.rehearsal(at, before)
  const keys: string[] = []
  for await (const key of archive.list(archiveKeys.rehearsalsOf(at))) if (key < end) keys.push(key)
  for (const key of keys.reverse()) {
    const found = await readJson(archive, key, rehearsal)
    if (isWanted(found)) return found
  }
  return undefined
}
