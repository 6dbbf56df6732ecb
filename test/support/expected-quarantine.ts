import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { breakageOf, type Breakage, type BrokenSegment } from './expected-places.ts'

/** A row that must be in quarantine, and where it stands in its file. */
export interface ExpectedQuarantine extends Breakage {
  /** Object key. */
  readonly object: string
  /** From 1. */
  readonly line: number
  /** From 0; of a gzip file, unpacked. */
  readonly byte: number
  /** The row as it stands in the file, without its line end. */
  readonly raw: string
}

/** Every row broken on purpose in the files of one segment, found by a scan of their bytes. */
export async function expectedQuarantine(
  folder: string,
  segment: BrokenSegment,
): Promise<ExpectedQuarantine[]> {
  const found: ExpectedQuarantine[] = []
  for (const name of (await readdir(folder)).sort()) {
    const stored = await readFile(join(folder, name))
    const bytes = name.endsWith('.gz') ? gunzipSync(stored) : stored
    for (const { start, end, line } of rowsOf(bytes).slice(1)) {
      const raw = bytes.subarray(start, end).toString('utf8').replace(/\r$/, '')
      const breakage = breakageOf(segment, Number(raw.slice(0, raw.indexOf(';'))))
      if (breakage !== undefined)
        found.push({ object: `${segment}/${name}`, line, byte: start, raw, ...breakage })
    }
  }
  return found
}

interface Row {
  readonly start: number
  readonly end: number
  readonly line: number
}

/** A line feed ends a row where the quotes before it are even in number. */
function rowsOf(bytes: Uint8Array): Row[] {
  const rows: Row[] = []
  let [start, line, startLine, quotes] = [0, 1, 1, 0]
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 34) quotes += 1
    if (bytes[at] !== 10) continue
    line += 1
    if (quotes % 2 === 1) continue
    rows.push({ start, end: at, line: startLine })
    start = at + 1
    startLine = line
  }
  return rows
}
