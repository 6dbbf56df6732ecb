import { verify, type KeyObject } from 'node:crypto'
import { canonicalJson } from '../canonical-json.ts'
import { signedEntry, type SignedEntry } from './entry.ts'
import { canonicalText, entryHash } from './seal-entry.ts'

/** Public keys that are trusted, by ARN: never those that an entry names for itself. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>

/** `authentic`: signed, and for this chain. It may still stand at another's place. */
export type Examined =
  | { readonly status: 'authentic'; readonly signed: SignedEntry }
  | { readonly status: 'altered'; readonly problem: string; readonly signed?: SignedEntry }

export const signatureAlgorithm = 'ECDSA_SHA_256'

/** Whether these bytes are an entry that a trusted key has signed, to the last byte. */
export function examineEntry(bytes: Uint8Array, chain: string, keys: TrustedKeys): Examined {
  const signed = signedEntry.safeParse(parsed(bytes)).data
  if (signed === undefined) return { status: 'altered', problem: 'is no entry of a decision log' }
  const problem = problemOf(signed, bytes, chain, keys)
  return problem === undefined ? { status: 'authentic', signed } : { status: 'altered', problem, signed }
}

function problemOf(
  signed: SignedEntry,
  bytes: Uint8Array,
  chain: string,
  keys: TrustedKeys,
): string | undefined {
  const { entry, hash, signature, algorithm, key } = signed
  const canonical = canonicalText(signed)
  if (canonical === undefined) return 'has an unpaired surrogate, which no entry can have'
  if (hash !== entryHash(entry)) return 'has another content than its hash is of'
  if (algorithm !== signatureAlgorithm) return `names the signature algorithm ${algorithm}`
  const publicKey = keys.get(key)
  if (publicKey === undefined) return `is signed by ${key}, which is not a key of the log`
  const text = Buffer.from(canonicalJson(entry))
  if (!verify('sha256', text, publicKey, Buffer.from(signature, 'base64'))) {
    return 'has a signature that is not of its content'
  }
  // The signature covers the entry alone; and base64 and JSON have more than one spelling.
  if (Buffer.compare(Buffer.from(canonical), bytes) !== 0) return 'is not in its canonical form'
  if (Buffer.from(signature, 'base64').toString('base64') !== signature) return 'has a misspelt signature'
  return entry.chain === chain ? undefined : `is an entry of the log of ${entry.chain}`
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}

/** Names of the fields in which an entry differs from what it should be, such as `event.reason`. */
export function differingFields(is: unknown, shouldBe: unknown, path = ''): string[] {
  if (!isRecord(is) || !isRecord(shouldBe)) return Object.is(is, shouldBe) ? [] : [path]
  const names = [...new Set([...Object.keys(is), ...Object.keys(shouldBe)])].sort()
  return names.flatMap((name) =>
    differingFields(is[name], shouldBe[name], path === '' ? name : `${path}.${name}`),
  )
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
