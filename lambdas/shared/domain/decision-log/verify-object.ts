import { sha256 } from '../digest.ts'
import type { Finding, Side } from './finding.ts'

/** What a bucket holds under one key: the first version is the one that Object Lock keeps. */
export interface StoredObject {
  readonly key: string
  /** Bytes of the first version; absent where there is none. */
  readonly content?: Uint8Array | undefined
  /** Why nobody can read that version, though it is there. */
  readonly unreadable?: string
  /** Whether that version is under Object Lock. */
  readonly locked: boolean
  /** Later versions, and delete markers. */
  readonly later: readonly {
    readonly version: string
    readonly isDeleteMarker: boolean
    readonly at: string
  }[]
}

/** Whether an object has the content whose hash was recorded. */
export function verifyObject(
  side: Side,
  stored: StoredObject,
  hash: string,
  entry: number | undefined,
): Finding[] {
  const { key, content } = stored
  if (stored.unreadable !== undefined) return verifyKept(side, stored, entry)
  const about = { side, at: key, ...(entry !== undefined && { entry }) }
  const of = entry === undefined ? '' : `, to which entry ${entry} refers,`
  if (content === undefined) return [{ kind: 'missing', ...about, message: `${key}${of} is gone` }]
  const actual = sha256(content)
  if (actual === hash) return verifyKept(side, stored, entry)
  const message = `${key}${of} has the SHA-256 ${actual}, and ${hash} was recorded`
  return [{ kind: 'altered', ...about, message }, ...verifyKept(side, stored, entry)]
}

/** Whether the first version is locked, and nothing hides it. */
export function verifyKept(
  side: Side,
  { key, content, unreadable, locked, later }: StoredObject,
  entry?: number,
): Finding[] {
  const about = { side, at: key, ...(entry !== undefined && { entry }) }
  const hidden = later.map(({ version, isDeleteMarker, at }): Finding => {
    const what = isDeleteMarker ? 'a delete marker' : 'another version'
    return { kind: 'hidden', ...about, message: `${key} is hidden by ${what} of ${at} (version ${version})` }
  })
  if (unreadable !== undefined) {
    const message = `${key} is not what was written: it cannot be read (${unreadable})`
    return [{ kind: 'altered', ...about, message }, ...hidden]
  }
  if (locked || content === undefined) return hidden
  return [
    { kind: 'unlocked', ...about, message: `${key} is not under Object Lock: it can be deleted` },
    ...hidden,
  ]
}
