import { CsvError, parse } from 'csv-parse/sync'
import type { S3Delimited } from '../../lambdas/shared/domain/definition/source.ts'
import { recordLimits, type RecordLimits } from '../../lambdas/shared/domain/reading/limits.ts'

/** A record as a file holds it: where, as what text, and its fields, or why it goes to quarantine. */
export interface FoundRecord {
  readonly byte: number
  readonly line: number
  readonly raw: string
  readonly fields?: unknown
  readonly reason?: string
}

interface Cell {
  readonly value: string
  readonly quoted: boolean
}

/**
 * What csv-parse, an established library, finds in a whole file, as the records that Lockgate must find however
 * the file is split. csv-parse is set to give every record that it can; so the two differ in this alone, that
 * Lockgate puts some records into quarantine, by these names:
 *
 * - `RaggedRow`: csv-parse gives the fields that there are.
 * - `StrayQuote`: csv-parse takes the text behind a closing quote, and the quotes, as they are. Such a record is known
 *   here by this, that writing its fields by RFC 4180, quoted where they were, does not give its text back.
 * - `UnterminatedQuote`: csv-parse refuses the file, having given the records before.
 * - `InvalidEncoding`: csv-parse replaces what is not UTF-8, and passes NUL on. Here it reads bytes as Latin-1, in which
 *   none is lost; what is UTF-8 is then decoded as such.
 * - `RecordTooLong`: csv-parse has no such limit.
 */
export function recordsByLibrary(
  spec: S3Delimited,
  bytes: Buffer,
  { recordBytes, rawBytes }: RecordLimits = recordLimits,
): FoundRecord[] {
  const { rows, ends, isOpen } = rowsOf(spec, bytes)
  const starts = ends.map((end) => skipBlank(bytes, end))
  const names = rows[0]?.map(({ value }) => utf8(Buffer.from(value, 'latin1'))) ?? []
  const found = rows.slice(1).map((cells, index) => ({ cells, from: starts[index + 1], to: ends[index + 2] }))
  if (isOpen) found.push({ cells: [], from: starts.at(-1), to: bytes.length })

  return found.map(({ cells, from = 0, to = 0 }, index): FoundRecord => {
    const isLast = isOpen && index === found.length - 1
    const text = isLast ? bytes.subarray(from) : withoutLineEnd(bytes.subarray(from, to))
    const line = 1 + bytes.subarray(0, from).filter((code) => code === 10).length
    const place = { byte: from, line }
    const raw = text.length < rawBytes ? shown(text) : shown(text.subarray(0, rawBytes), { stream: true })
    if (text.length > recordBytes) return { ...place, raw, reason: 'RecordTooLong' }
    if (isLast) return { ...place, raw, reason: 'UnterminatedQuote' }
    const whole = utf8(text)
    if (whole === undefined) return { ...place, raw: text.toString('latin1'), reason: 'InvalidEncoding' }
    if (text.includes(0)) return { ...place, raw: whole, reason: 'InvalidEncoding' }
    if (written(cells, spec) !== text.toString('latin1'))
      return { ...place, raw: whole, reason: 'StrayQuote' }
    if (cells.length !== names.length) return { ...place, raw: whole, reason: 'RaggedRow' }
    const values = cells.map(({ value, quoted }) => {
      const decoded = utf8(Buffer.from(value, 'latin1'))
      return !quoted && decoded === spec.nullToken ? null : decoded
    })
    return { ...place, raw: whole, fields: Object.fromEntries(names.map((name, at) => [name, values[at]])) }
  })
}

/** The rows, header first, and where each ends, line end included; before them where the first may begin. */
function rowsOf({ delimiter, quote }: S3Delimited, bytes: Buffer) {
  const bom = bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0
  const rows: Cell[][] = []
  const ends = [bom]
  let cells: Cell[] = []
  try {
    parse(bytes.subarray(bom), {
      encoding: 'latin1',
      delimiter,
      quote,
      escape: quote,
      record_delimiter: ['\r\n', '\n'],
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      cast: (value, { quoting }) => {
        cells.push({ value, quoted: quoting })
        return value
      },
      on_record: (row, { bytes: end }) => {
        rows.push(cells)
        cells = []
        ends.push(bom + end)
        return row
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error
    return { rows, ends, isOpen: true }
  }
  return { rows, ends, isOpen: false }
}

function written(cells: readonly Cell[], { delimiter, quote }: S3Delimited): string {
  return cells
    .map(({ value, quoted }) =>
      quoted ? `${quote}${value.replaceAll(quote, `${quote}${quote}`)}${quote}` : value,
    )
    .join(delimiter)
}

function skipBlank(bytes: Buffer, from: number): number {
  if (bytes[from] === 10) return skipBlank(bytes, from + 1)
  return bytes[from] === 13 && bytes[from + 1] === 10 ? skipBlank(bytes, from + 2) : from
}

function withoutLineEnd(text: Buffer): Buffer {
  if (text.at(-1) !== 10) return text
  return text.subarray(0, text.at(-2) === 13 ? -2 : -1)
}

function utf8(bytes: Buffer, options?: { readonly stream: true }): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, options)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** `stream`: may end within a character, which is left out. */
function shown(bytes: Buffer, options?: { readonly stream: true }): string {
  return utf8(bytes, options) ?? bytes.toString('latin1')
}
