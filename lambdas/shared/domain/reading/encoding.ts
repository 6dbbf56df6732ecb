import { isAscii, isUtf8 } from 'node:buffer'
import type { SourceSpec } from '../definition/source.ts'

export type Encoding = 'utf-8' | 'latin1'

export function encodingOf(spec: SourceSpec): Encoding {
  return spec.kind === 's3-delimited' ? spec.encoding : 'utf-8'
}

/**
 * Why bytes that were read as text are not text of this encoding; nothing when they are. What could arrive as other
 * characters than were meant counts as a fault: converting the object to UTF-8 leaves no doubt.
 */
export function encodingFault(bytes: Buffer, encoding: Encoding): string | undefined {
  if (bytes.includes(0)) return 'the record holds a NUL byte, as UTF-16 and damaged exports do'
  if (encoding === 'utf-8') {
    return isUtf8(bytes)
      ? undefined
      : 'the record is not valid UTF-8; its raw text shows each byte as one Latin-1 character'
  }
  if (isAscii(bytes)) return undefined
  if (isUtf8(bytes)) return 'the source is declared as Latin-1, and the record is UTF-8'
  return bytes.some(isControl)
    ? 'the record holds control characters of Latin-1, which are letters and signs in Windows-1252; convert the export to UTF-8'
    : undefined
}

const isControl = (byte: number) => byte >= 0x80 && byte < 0xa0

/** Why the first bytes of an object cannot be the beginning of text in this encoding, and what to do about it. */
export function headFault(head: Buffer, encoding: Encoding): string | undefined {
  const opens = (...bytes: readonly number[]) => bytes.every((byte, index) => head[index] === byte)
  if (opens(0x1f, 0x8b)) return 'it is gzip; give it a name that ends in .gz'
  if (opens(0xff, 0xfe) || opens(0xfe, 0xff)) return `it has the byte order mark of UTF-16. ${convert}`
  if (head[0] === 0 || head[1] === 0) return `it opens with a NUL byte, as UTF-16 does. ${convert}`
  if (encoding === 'latin1' && opens(...byteOrderMark)) {
    return `it has the byte order mark of UTF-8, and the source is declared as Latin-1; declare encoding: 'utf-8'`
  }
  return undefined
}

export const byteOrderMark = [0xef, 0xbb, 0xbf] as const

const convert = 'Convert it to UTF-8, for instance with `iconv -f UTF-16 -t UTF-8`'
