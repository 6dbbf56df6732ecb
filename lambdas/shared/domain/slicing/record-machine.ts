/**
 * The finite automaton that says where records begin. One table drives both the scan, which plans slices,
 * and the reader, which cuts records out of a slice: so they cannot disagree.
 *
 * A record ends with an LF outside quotes. An LF (or CR LF) where a record could begin is a blank line and no
 * record. A CR counts only before such an LF; elsewhere it is text. A quote opens only where a field begins.
 */
export interface RecordMachine {
  /** States it can be in between two bytes; state 0 is "a record could begin here". */
  readonly states: number
  /** Class of each of the 256 bytes. */
  readonly classes: Uint8Array
  /** `next[state * columns + class]`. */
  readonly next: Uint8Array
  /** Absent in NDJSON. */
  readonly quote: number | undefined
  readonly delimiter: number | undefined
}

export const byteClass = { other: 0, carriageReturn: 1, delimiter: 2, quote: 3, lineFeed: 4 } as const
export const columns = 5

export const recordStart = 0
const unquoted = 1
const fieldStart = 2
export const inQuotes = 3
const afterQuote = 4

export const lineFeed = 0x0a
export const carriageReturn = 0x0d

// prettier-ignore
const table = [
  // other   CR        delimiter   quote       line feed
  unquoted, unquoted, fieldStart, inQuotes,   recordStart, // recordStart
  unquoted, unquoted, fieldStart, unquoted,   recordStart, // unquoted: a quote inside it is text
  unquoted, unquoted, fieldStart, inQuotes,   recordStart, // fieldStart
  inQuotes, inQuotes, inQuotes,   afterQuote, inQuotes,    // inQuotes
  unquoted, unquoted, fieldStart, inQuotes,   recordStart, // afterQuote: other than these is a stray quote
]

/** @param delimiter and `quote`: two different ASCII codes. */
export function delimitedMachine(delimiter: number, quote: number): RecordMachine {
  const classes = lineClasses()
  classes[delimiter] = byteClass.delimiter
  classes[quote] = byteClass.quote
  return { states: 5, classes, next: Uint8Array.from(table), quote, delimiter }
}

/** Records are lines: the first two states of the same table, which meet no delimiter and no quote. */
export function lineMachine(): RecordMachine {
  return {
    states: 2,
    classes: lineClasses(),
    next: Uint8Array.from(table.slice(0, 2 * columns)),
    quote: undefined,
    delimiter: undefined,
  }
}

function lineClasses(): Uint8Array {
  const classes = new Uint8Array(256)
  classes[lineFeed] = byteClass.lineFeed
  classes[carriageReturn] = byteClass.carriageReturn
  return classes
}
