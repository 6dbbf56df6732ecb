import { LockgateError } from '../contract/errors.ts'
import { sha256 } from './digest.ts'
import type { SourceObject } from './manifest.ts'

/** What a listing tells of an object. Another content has another ETag. */
export type ListedObject = Pick<SourceObject, 'key' | 'size' | 'etag'>

/** Stands for a whole listing: the same text, the same contents. */
export function listingDigest(objects: readonly ListedObject[]): string {
  return sha256(objects.map(({ key, size, etag }) => `${JSON.stringify([key, size, etag])}\n`).join(''))
}

/** What became of the planned objects, one phrase each, without the contents of any. */
export function sourceChanges(planned: readonly ListedObject[], found: readonly ListedObject[]): string[] {
  const before = new Map(planned.map((object) => [object.key, object]))
  const now = new Map(found.map((object) => [object.key, object]))
  const gone = planned.filter(({ key }) => !now.has(key)).map(({ key }) => `${key} is gone`)
  const others = found.flatMap(({ key, size, etag }) => {
    const old = before.get(key)
    if (old === undefined) return [`${key} is new`]
    return old.size === size && old.etag === etag ? [] : [`${key} was replaced`]
  })
  return [...gone, ...others]
}

const shown = 5

/** The refusal of a source that is not what was planned. `isLoaded`: batches of what was planned are in the target. */
export function sourceChanged(segment: string, changes: readonly string[], isLoaded: boolean): LockgateError {
  const more = changes.length > shown ? ` and ${changes.length - shown} more` : ''
  const remedy = isLoaded
    ? 'Batches of the planned source are loaded, and stay as they are. Put the planned objects back (in a bucket ' +
      'with versions, delete the newer ones), or migrate what is there now by a migration of its own'
    : 'Nothing of it is loaded: start the migration again, and it is rehearsed on what is there now'
  return new LockgateError(
    'SourceChanged',
    `the source of ${segment} is not what was planned: ${changes.slice(0, shown).join(', ')}${more}. ${remedy}`,
  )
}
