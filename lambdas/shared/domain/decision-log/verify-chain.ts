import { noHash, type LogHead, type SignedEntry } from './entry.ts'
import { examineEntry, type TrustedKeys } from './examine-entry.ts'
import type { Finding } from './finding.ts'
import { added, gap, sidesOf, signedOf, type Ends, type Found, type Place } from './verify-places.ts'

/** A chain as it is stored. */
export interface StoredChain {
  readonly chain: string
  /** Bytes by place. */
  readonly table: ReadonlyMap<number, Uint8Array>
  /** Of each copy the first version. */
  readonly copies: ReadonlyMap<number, Uint8Array>
  /** What mails said of the chain. */
  readonly heads: readonly LogHead[]
  readonly keys: TrustedKeys
}

export interface VerifiedChain {
  readonly findings: readonly Finding[]
  /** Those that are authentic, in order, from whichever side has them; places without one are in the findings. */
  readonly entries: readonly SignedEntry[]
}

/**
 * Compares the two sides of a chain place by place, and each entry with the one before. Whatever was altered, removed,
 * reordered, added or cut off at the end on one side is named by the other; on both sides, by the chain itself, and
 * at the end by the heads in mails.
 */
export function verifyChain({ chain, table, copies, heads, keys }: StoredChain): VerifiedChain {
  const examine = (bytes: Uint8Array | undefined, place: number): Found => {
    if (bytes === undefined) return { status: 'missing' }
    const examined = examineEntry(bytes, chain, keys)
    if (examined.status === 'altered' || examined.signed.entry.sequence === place) return examined
    return { status: 'moved', from: examined.signed.entry.sequence }
  }
  const places = [...new Set([...table.keys(), ...copies.keys()])].sort((a, b) => a - b)
  const found = places.map((entry): Place => ({
    entry,
    table: examine(table.get(entry), entry),
    copy: examine(copies.get(entry), entry),
  }))
  /** Where the log ends; what stands behind that was never appended. */
  const last = found.findLast((one) => signedOf(one.table) ?? signedOf(one.copy))?.entry ?? 0
  const endOf = (side: 'table' | 'copy') =>
    found.findLast((one) => one.entry <= last && one[side].status !== 'missing')?.entry ?? 0
  const ends = { table: endOf('table'), copy: endOf('copy') }

  const findings: Finding[] = []
  const entries = new Map<number, SignedEntry>()
  for (const [n, place] of found.entries()) {
    const before = entries.get(place.entry - 1)
    const chosen = choose(place, place.entry === 1 ? noHash : before?.hash)
    if (chosen !== undefined) entries.set(place.entry, chosen)
    if (place.entry > last) findings.push(...added(place))
    else findings.push(...gap((places[n - 1] ?? 0) + 1, place.entry - 1), ...sidesOf(place, chosen, ends))
    findings.push(...linkOf(place.entry, chosen, before))
  }
  findings.push(...tails(ends, last), ...headFindings(heads, last, entries), ...repeats(entries))
  return { findings, entries: [...entries.values()] }
}

/** Where both sides are signed and differ, the one that follows the entry before. */
function choose({ table, copy }: Place, previous: string | undefined): SignedEntry | undefined {
  const [a, b] = [signedOf(table), signedOf(copy)]
  if (a === undefined || b === undefined) return a ?? b
  return b.entry.previous === previous && a.entry.previous !== previous ? b : a
}

/** Whether an entry follows the one before: where that is not known, its own hash says what it was. */
function linkOf(entry: number, signed: SignedEntry | undefined, before: SignedEntry | undefined): Finding[] {
  if (signed === undefined) return []
  const { previous } = signed.entry
  const expected = entry === 1 ? noHash : before?.hash
  if (expected === undefined || previous === expected) return []
  const message = `entry ${entry} follows an entry with the hash ${previous}, and entry ${entry - 1} has ${expected}: one of the two was put there, or what was between them is gone`
  return [{ kind: 'forked', side: 'both', entry, message }]
}

function tails(ends: Ends, last: number): Finding[] {
  return (['table', 'copy'] as const).flatMap((side): Finding[] => {
    const end = ends[side]
    if (end === last) return []
    const hint =
      side === 'copy' && last === end + 1
        ? '. The newest entry may lack its copy for a moment, or after a crash, until the next one is appended'
        : ''
    const message = `the log ends with entry ${last}, and ${side === 'table' ? 'its table' : 'its copies'} with entry ${end}${hint}`
    return [{ kind: 'cut', side, entry: end + 1, message }]
  })
}

function headFindings(
  heads: readonly LogHead[],
  last: number,
  entries: ReadonlyMap<number, SignedEntry>,
): Finding[] {
  return heads.flatMap(({ length, hash }): Finding[] => {
    const entry = entries.get(length)
    if (length > last) {
      const message = `a mail says that the log had ${length} entries, the last with the hash ${hash}; it ends with entry ${last}: ${length - last} are gone at the end`
      return [{ kind: 'cut', side: 'mail', entry: last + 1, message }]
    }
    if (length === 0 || entry === undefined || entry.hash === hash) return []
    const message = `a mail says that entry ${length} has the hash ${hash}; it has ${entry.hash}`
    return [{ kind: 'altered', side: 'mail', entry: length, message }]
  })
}

/** The log never takes the same event twice. */
function repeats(entries: ReadonlyMap<number, SignedEntry>): Finding[] {
  const seen = new Map<string, number>()
  return [...entries.values()].flatMap(({ entry: { sequence, event } }): Finding[] => {
    const first = seen.get(event.id)
    seen.set(event.id, first ?? sequence)
    if (first === undefined) return []
    const message = `entry ${sequence} is the same event as entry ${first}`
    return [{ kind: 'added', side: 'both', entry: sequence, message }]
  })
}
