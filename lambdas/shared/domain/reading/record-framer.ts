import {
  byteClass,
  carriageReturn,
  columns,
  inQuotes,
  lineFeed,
  recordStart,
} from '../slicing/record-machine.ts'
import type { RecordMachine } from '../slicing/record-machine.ts'
import type { RecordLimits } from './limits.ts'

/** The bytes of one record, without its line end, and where it begins. */
export interface Frame {
  readonly bytes: Buffer
  readonly byte: number
  readonly line: number
  /** Whether a quote is among the bytes. */
  readonly quoted: boolean
  /** `too-long` and `open` (the bytes ended inside quotes): `bytes` may be only the beginning. */
  readonly fault: 'too-long' | 'open' | undefined
}

interface Begun {
  readonly byte: number
  readonly line: number
  quoted: boolean
  length: number
  parts: Buffer[]
}

/**
 * Cuts a stream of bytes into records, chunk by chunk; a frame may share memory with the chunk it came from.
 * Lines without a quote are found by their line feed alone, all else by the machine's table.
 */
export class RecordFramer {
  readonly #machine: RecordMachine
  readonly #limits: RecordLimits
  #state = recordStart
  #byte: number
  #line: number
  #begun: Begun | undefined
  #held: Buffer | undefined

  /** `at`: where the first byte stands in the object. */
  constructor(machine: RecordMachine, limits: RecordLimits, at: { byte: number; line: number }) {
    this.#machine = machine
    this.#limits = limits
    this.#byte = at.byte
    this.#line = at.line
  }

  push(chunk: Buffer): Frame[] {
    const bytes = this.#held ? Buffer.concat([this.#held, chunk]) : chunk
    this.#held = undefined
    return this.#cut(bytes, false)
  }

  /** The last record, where no line end follows it. */
  finish(): Frame[] {
    const frames = this.#held ? this.#cut(this.#held, true) : []
    if (this.#begun) frames.push(this.#frame(this.#begun, this.#state === inQuotes ? 'open' : 'cut'))
    return frames
  }

  /** The record under way, when it is too long already: nobody needs to read on for its sake. */
  overlong(): Frame | undefined {
    const begun = this.#begun
    return begun && begun.length > this.#mostBytes ? this.#frame(begun, 'cut') : undefined
  }

  #cut(bytes: Buffer, isLast: boolean): Frame[] {
    const frames: Frame[] = []
    const { quote } = this.#machine
    let nextQuote = -1
    let at = 0
    while (at < bytes.length) {
      if (this.#begun === undefined) {
        const blank = blankLine(bytes, at, isLast)
        if (blank === undefined) {
          this.#held = bytes.subarray(at)
          break
        }
        if (blank > 0) {
          this.#line += 1
          this.#byte += blank
          at += blank
          continue
        }
        const end = indexOf(bytes, lineFeed, at)
        if (nextQuote < at) nextQuote = quote === undefined ? bytes.length : indexOf(bytes, quote, at)
        if (end < nextQuote) {
          frames.push(this.#plainLine(bytes, at, end))
          at = end + 1
          continue
        }
        this.#begun = { byte: this.#byte, line: this.#line, quoted: false, length: 0, parts: [] }
      }
      at = this.#walk(this.#begun, bytes, at, frames)
    }
    return frames
  }

  #plainLine(bytes: Buffer, from: number, end: number): Frame {
    const { byte, line } = { byte: this.#byte, line: this.#line }
    this.#line += 1
    this.#byte += end + 1 - from
    const text = withoutReturn(bytes.subarray(from, end))
    if (text.length <= this.#limits.recordBytes)
      return { bytes: text, byte, line, quoted: false, fault: undefined }
    return { bytes: text.subarray(0, this.#limits.rawBytes), byte, line, quoted: false, fault: 'too-long' }
  }

  /** Follows the table from `from` to the record's end or the bytes', and answers where to go on. */
  #walk(begun: Begun, bytes: Buffer, from: number, frames: Frame[]): number {
    const { classes, next } = this.#machine
    const length = bytes.length
    let state = this.#state
    let at = from
    let lines = 0
    let quoted = begun.quoted
    let ended = false
    while (at < length && !ended) {
      const kind = classes[bytes[at++] as number] as number
      state = next[state * columns + kind] as number
      if (kind < byteClass.quote) continue
      if (kind === byteClass.quote) quoted = true
      else {
        lines += 1
        ended = state === recordStart
      }
    }
    begun.quoted = quoted
    this.#state = state
    this.#line += lines
    this.#byte += at - from
    this.#keep(begun, bytes.subarray(from, ended ? at - 1 : at))
    if (ended) {
      frames.push(this.#frame(begun, 'line feed'))
      this.#begun = undefined
    }
    return at
  }

  #keep(begun: Begun, part: Buffer): void {
    const fits = begun.length <= this.#mostBytes
    begun.length += part.length
    if (!fits) return
    begun.parts.push(part)
    if (begun.length > this.#mostBytes)
      begun.parts = [Buffer.from(Buffer.concat(begun.parts).subarray(0, this.#limits.rawBytes))]
  }

  /** With the CR of a line end, which is known as such only when the line feed comes. */
  get #mostBytes(): number {
    return this.#limits.recordBytes + 1
  }

  #frame({ byte, line, quoted, length, parts }: Begun, end: 'line feed' | 'cut' | 'open'): Frame {
    const { recordBytes, rawBytes } = this.#limits
    const kept = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
    const text = end === 'line feed' && length === kept.length ? withoutReturn(kept) : kept
    const isTooLong = length - kept.length + text.length > recordBytes
    const fault = isTooLong ? 'too-long' : end === 'open' ? 'open' : undefined
    return { bytes: fault ? text.subarray(0, rawBytes) : text, byte, line, quoted, fault }
  }
}

/** Length of the blank line at `at`: 0 when a record begins there, `undefined` when the next byte decides. */
function blankLine(bytes: Buffer, at: number, isLast: boolean): number | undefined {
  if (bytes[at] === lineFeed) return 1
  if (bytes[at] !== carriageReturn) return 0
  if (at + 1 === bytes.length) return isLast ? 0 : undefined
  return bytes[at + 1] === lineFeed ? 2 : 0
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes
}

/** Where `byte` is next, or the length. */
function indexOf(bytes: Buffer, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from)
  return at === -1 ? bytes.length : at
}
