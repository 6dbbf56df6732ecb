import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { brokenAirports, brokenCities, fieldsAsWritten, type BrokenRowRule, type Row } from './broken-rows.ts'
import { legacyLine } from './legacy-file.ts'
import { legacyAirport, legacyCity } from './legacy-rows.ts'
import { readAirports, readCities } from './packages.ts'

/** Folders of files, one per segment, to be put under the segment's prefix. */
export interface LegacyExport {
  readonly cities: string
  readonly airports: string
}

interface File {
  readonly newline: '\n' | '\r\n'
  /** Whether the file opens with a byte order mark. */
  readonly mark: boolean
  readonly rule: BrokenRowRule
}

const byteOrderMark = '\uFEFF'

/**
 * Writes the demo's source as a legacy export would be (docs/demo.md): `cities/part-1.csv`, `part-2.csv` (with a byte
 * order mark), `part-3.csv.gz`, `part-4.csv`, and `airports/airports.csv` with CRLF. The same bytes each time.
 */
export async function writeLegacyExport(directory: string): Promise<LegacyExport> {
  const cities = (await readCities()).map((city, index) => legacyCity(city, index + 1))
  const airports = (await readAirports()).map((airport, index) => legacyAirport(airport, index + 1))
  const quarter = Math.ceil(cities.length / 4)
  for (const part of [1, 2, 3, 4]) {
    const first = (part - 1) * quarter
    const file: File = { newline: '\n', mark: part === 2, rule: brokenCities }
    const text = fileText(cities.slice(first, first + quarter), first + 1, file)
    const zipped = part === 3
    const name = `cities/part-${part}.csv${zipped ? '.gz' : ''}`
    await save(join(directory, name), zipped ? gzipSync(text) : text)
  }
  const file: File = { newline: '\r\n', mark: false, rule: brokenAirports }
  await save(join(directory, 'airports/airports.csv'), fileText(airports, 1, file))
  return { cities: join(directory, 'cities'), airports: join(directory, 'airports') }
}

function fileText(rows: readonly Row[], firstId: number, { newline, mark, rule }: File): string {
  const header = legacyLine(Object.keys(rows[0] ?? {}), newline)
  const lines = rows.map((row, index) => legacyLine(fieldsAsWritten(row, firstId + index, rule), newline))
  return (mark ? byteOrderMark : '') + header + lines.join('')
}

async function save(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}
