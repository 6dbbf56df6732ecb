import { LockgateError } from '../../contract/errors.ts'
import { canonicalJson } from '../canonical-json.ts'
import { sha256 } from '../digest.ts'
import { noHash, signedEntry, type LogDraft, type LogEntry, type LogHead, type SignedEntry } from './entry.ts'

/** Length and hash of a chain that ends with this entry. */
export function headOf(newest: SignedEntry | undefined): LogHead {
  return newest ? { length: newest.entry.sequence, hash: newest.hash } : { length: 0, hash: noHash }
}

/** The entry that follows `head`, and its hash: what is to be signed. */
export function nextEntry(
  chain: string,
  head: LogHead,
  event: LogDraft,
): Pick<SignedEntry, 'entry' | 'hash'> {
  const entry: LogEntry = { version: 1, chain, sequence: head.length + 1, previous: head.hash, event }
  return { entry, hash: entryHash(entry) }
}

/** SHA-256 of the text that is signed. */
export function entryHash(entry: LogEntry): string {
  return sha256(canonicalJson(entry))
}

/** The one text of a signed entry: the same bytes in the log table and under Object Lock. */
export function storedText(signed: SignedEntry): string {
  return canonicalJson(signed)
}

/**
 * The same of what may have been altered; `undefined` where it can have none: a text with an unpaired surrogate has no
 * canonical form.
 */
export function canonicalText(signed: SignedEntry): string | undefined {
  try {
    return storedText(signed)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/**
 * Reads an entry that another is to be chained to. That it is what was signed, only the audit can tell; that it is an
 * entry of this place with the hash it claims, is asked of each. @throws DecisionLogAltered.
 */
export function readStored(text: string, chain: string, sequence: number): SignedEntry {
  const found = signedEntry.safeParse(parsed(text)).data
  const isOfPlace =
    found?.entry.chain === chain &&
    found.entry.sequence === sequence &&
    canonicalText(found) === text &&
    found.hash === entryHash(found.entry)
  if (isOfPlace) return found
  throw new LockgateError(
    'DecisionLogAltered',
    `entry ${sequence} of the decision log of ${chain} is not what was written there. Nothing is appended to an altered ` +
      `log: run the audit of ${chain}, keep what it writes, and see the runbook for how the entry is put back`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
