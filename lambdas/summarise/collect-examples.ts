import { z } from 'zod'
import type { Checkpoint } from '../shared/domain/checkpoint.ts'
import { difference, type Difference, type QuarantineExample } from '../shared/domain/evidence.ts'
import { unpackQuarantine } from '../shared/domain/frames.ts'
import { total } from '../shared/domain/ledger.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'

interface InManifest {
  readonly migration: string
  readonly segment: string
  readonly manifest: string
}

const maxDifferences = 50
const maxQuarantine = 200
const differences = z.array(difference)

/** Some of what is wrong, to be shown; all of it stays in the archive. Quarantined records show no value. */
export async function collectExamples(
  archive: ObjectStore,
  at: InManifest,
  notable: readonly Checkpoint[],
): Promise<{ differences: Difference[]; quarantine: QuarantineExample[] }> {
  const found = { differences: [] as Difference[], quarantine: [] as QuarantineExample[] }
  for (const { batch, ledger, reconciliation } of notable) {
    const here = { ...at, batch }
    if ((reconciliation?.missing ?? 0) + (reconciliation?.different ?? 0) > 0) {
      addUpTo(
        maxDifferences,
        found.differences,
        await readJson(archive, archiveKeys.differences(here), differences),
      )
    }
    if (ledger.conflicted > 0 && found.differences.length < maxDifferences) {
      for await (const key of archive.list(archiveKeys.conflictsOf(here))) {
        const isFull = addUpTo(maxDifferences, found.differences, await readJson(archive, key, differences))
        if (isFull) break
      }
    }
    if (total(ledger.quarantined) > 0 && found.quarantine.length < maxQuarantine) {
      for await (const key of archive.list(archiveKeys.quarantineOf(here))) {
        if (addUpTo(maxQuarantine, found.quarantine, await readQuarantine(archive, key))) break
      }
    }
  }
  return found
}

/** Whether there is no room for more. */
function addUpTo<T>(most: number, list: T[], more: readonly T[]): boolean {
  list.push(...more.slice(0, most - list.length))
  return list.length === most
}

async function readQuarantine(archive: ObjectStore, key: string): Promise<QuarantineExample[]> {
  const content = await archive.get(key)
  if (!content) return []
  return (await unpackQuarantine(content)).map(({ object, line, byte, reason, field, detail }) => ({
    ...{ object, line, byte, reason, detail },
    ...(field !== undefined && { field }),
  }))
}
