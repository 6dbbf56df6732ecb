import { LockgateError } from '../../contract/errors.ts'
import type { S3Delimited, SourceSpec } from '../definition/source.ts'
import { byteOrderMark, encodingFault, encodingOf, headFault } from '../reading/encoding.ts'
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
 * Reads BOM and header row from the first bytes of an object. `isWhole`: there are no more. An object of blank lines
 * has no names, and needs none. @throws HeaderMismatch, EncodingMismatch, which name the object and positions; names
 * could be values where a header row is missing.
 */
export function readHead(spec: SourceSpec, key: string, head: Buffer, isWhole: boolean): ObjectHead {
  const fault = headFault(head, encodingOf(spec))
  if (fault !== undefined) throw otherEncoding(key, fault)
  const byte = head.subarray(0, 3).equals(Buffer.from(byteOrderMark)) ? 3 : 0
  const body = { byte, line: 1 }
  if (spec.kind === 's3-ndjson') return { body }
  if (spec.header !== true) return { body, names: [...spec.header] }

  const framer = new RecordFramer(machineOf(spec), recordLimits, body)
  const rest = head.subarray(byte)
  const frames = framer.push(rest)
  const [header] = isWhole ? [...frames, ...framer.finish()] : frames
  if (header === undefined && isWhole) return { body }
  if (header === undefined || header.fault) {
    throw mismatch(key, `no header row ends within its first ${headBytes} bytes; check delimiter and quote`)
  }
  const end = endOf(header, head)
  const text = head.subarray(header.byte, end)
  const line = header.line + text.filter((code) => code === lineFeed).length
  return { body: { byte: end, line }, names: namesIn(spec, key, header.bytes) }
}

function namesIn(spec: S3Delimited, key: string, bytes: Buffer): string[] {
  const fault = encodingFault(bytes, spec.encoding)
  if (fault !== undefined) throw otherEncoding(key, `in its header row, ${fault}`)
  const text = bytes.toString(spec.encoding)
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

function otherEncoding(key: string, why: string): LockgateError {
  return new LockgateError('EncodingMismatch', `${key}: ${why}. The definition of the source says encoding.`)
}
