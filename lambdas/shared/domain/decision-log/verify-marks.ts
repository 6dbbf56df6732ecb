import type { SignedEntry } from './entry.ts'
import type { Finding } from './finding.ts'
import { markKey } from './item-keys.ts'

/** What the table says of where an event was logged. */
export interface Mark {
  /** Sort key of the item. */
  readonly key: string
  readonly id: string
  readonly sequence: number
}

/** Each entry has its mark, and each mark its entry: whoever cuts the log has to find both. */
export function verifyMarks(marks: readonly Mark[], entries: readonly SignedEntry[]): Finding[] {
  const byKey = new Map(marks.map((mark) => [mark.key, mark]))
  const byPlace = new Map(entries.map((signed) => [signed.entry.sequence, signed]))
  const last = entries.at(-1)?.entry.sequence ?? 0
  const keys = new Set(entries.map(({ entry }) => markKey(entry.event.id)))
  const lacking = entries.flatMap(({ entry: { sequence, event } }): Finding[] => {
    const key = markKey(event.id)
    const mark = byKey.get(key)
    if (mark?.sequence === sequence && mark.id === event.id) return []
    if (mark) {
      const message = `the mark of entry ${sequence} says entry ${mark.sequence}, event ${mark.id}`
      return [{ kind: 'altered', side: 'mark', entry: sequence, at: key, message }]
    }
    const hint = sequence === last ? '. The newest entry may lack it for a moment, or after a crash' : ''
    const message = `entry ${sequence} has no mark in the table${hint}`
    return [{ kind: 'missing', side: 'mark', entry: sequence, at: key, message }]
  })
  const extra = marks.flatMap(({ key, id, sequence }): Finding[] => {
    if (byPlace.get(sequence)?.entry.event.id === id && key === markKey(id)) return []
    // Told above.
    if (keys.has(key)) return []
    const kind = sequence > last ? 'cut' : 'added'
    const message = `the table says that event ${id} is entry ${sequence}, and ${sequence > last ? `the log ends with entry ${last}` : 'that entry is another event'}`
    return [{ kind, side: 'mark', entry: sequence, at: key, message }]
  })
  return [...lacking, ...extra]
}
