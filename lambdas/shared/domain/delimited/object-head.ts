import { isUtf8 } from 'node:buffer'
import { LockgateError } from '../../contract/errors.ts'
import type { S3Delimited, SourceSpec } from '../definition/source.ts'
import type { SourceObject } from '../manifest.ts'
import { recordLimits } from '../reading/limits.ts'
import { RecordFramer, type Frame } from '../reading/record-framer.ts'
import { carriageReturn, lineFeed } from '../slicing/record-machine.ts'
import { machineOf, namesFault } from './dialect.ts'
import { splitQuoted } from './split-fields.ts'

/** How much of an object is read for its header row. */
export const headBytes = 64 * 1024

/** Where an object's records begin, and the names of their fields. */
export interface ObjectHead {
  readonly body: { readonly byte: number; readonly line: number }
  readonly names?: string[]
}

/**
 * Reads BOM and header row from the first bytes of an object. `isWhole`: there are no more. Nothing when the
 * object has a header row in its definition, and neither it nor anything else in it.
 * @throws HeaderMismatch, naming the object and positions; names could be values where a header row is missing.
 */
export function readHead(
  spec: SourceSpec,
  key: string,
  head: Buffer,
  isWhole: boolean,
): ObjectHead | undefined {
  const isLatin1 = spec.kind === 's3-delimited' && spec.encoding === 'latin1'
  const byte = !isLatin1 && head.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
  const body = { byte, line: 1 }
  if (spec.kind === 's3-ndjson') return { body }
  if (spec.header !== true) return { body, names: [...spec.header] }

  const framer = new RecordFramer(machineOf(spec), recordLimits, body)
  const rest = head.subarray(byte)
  const frames = framer.push(rest)
  const [header] = isWhole ? [...frames, ...framer.finish()] : frames
  if (header === undefined && isWhole) return undefined
  if (header === undefined || header.fault) {
    throw mismatch(key, `no header row ends within its first ${headBytes} bytes; check delimiter and quote`)
  }
  const end = endOf(header, head)
  const text = head.subarray(header.byte, end)
  const line = header.line + text.filter((code) => code === lineFeed).length
  return { body: { byte: end, line }, names: namesIn(spec, key, header.bytes) }
}

/** @throws HeaderMismatch unless all objects have the same names, in whatever order. */
export function requireSameNames(objects: readonly SourceObject[]): void {
  const [first, ...others] = objects
  for (const other of others) {
    const extra = unknownTo(first?.names ?? [], other.names ?? [])
    const missing = unknownTo(other.names ?? [], first?.names ?? [])
    if (extra.length + missing.length === 0) continue
    const columns = (list: readonly number[]) => (list.length === 0 ? 'none' : list.join(', '))
    throw new LockgateError(
      'HeaderMismatch',
      `The headers of ${first?.key} and ${other.key} have different names: unknown to the other are columns ` +
        `${columns(missing)} of the first and ${columns(extra)} of the second. All objects under a prefix need ` +
        `the same names, in any order; give others a prefix and a segment of their own.`,
    )
  }
}

/** Columns, from 1, whose names are not among `known`. */
function unknownTo(known: readonly string[], names: readonly string[]): number[] {
  const set = new Set(known)
  return names.flatMap((name, index) => (set.has(name) ? [] : [index + 1]))
}

function namesIn(spec: S3Delimited, key: string, bytes: Buffer): string[] {
  if (spec.encoding === 'utf-8' && !isUtf8(bytes)) {
    throw mismatch(key, 'its header row is not valid UTF-8; it may be Latin-1, UTF-16, or gzip without .gz')
  }
  const text = spec.encoding === 'latin1' ? bytes.toString('latin1') : bytes.toString('utf8')
  const { values, isStray } = splitQuoted(text, { delimiter: spec.delimiter, quote: spec.quote })
  if (isStray) throw mismatch(key, 'text follows a closing quote in its header row')
  const names = values.map((value) => value ?? '')
  const why = namesFault(names)
  if (why) throw mismatch(key, `in its header row ${why}`)
  return names
}

/** Where the header row ends, its line end included. */
function endOf(header: Frame, head: Buffer): number {
  const at = header.byte + header.bytes.length
  if (head[at] === carriageReturn && head[at + 1] === lineFeed) return at + 2
  return head[at] === lineFeed ? at + 1 : at
}

function mismatch(key: string, why: string): LockgateError {
  return new LockgateError(
    'HeaderMismatch',
    `${key}: ${why}. Mend the object, or the definition of the source (header, delimiter, quote, encoding).`,
  )
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
