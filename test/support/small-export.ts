import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { legacyLine } from '../../local/demo/legacy-file.ts'
import { legacyAirport, legacyCity } from '../../local/demo/legacy-rows.ts'
import { readAirports, readCities } from '../../local/demo/packages.ts'
import type { Row } from '../../local/demo/broken-rows.ts'
import { breakageOf, type BrokenSegment } from './expected-places.ts'

/** How much of each segment to write. A file becomes a batch. */
export interface SmallExport {
  readonly cities: Part
  readonly airports: Part
}

interface Part {
  readonly files: number
  readonly rowsPerFile: number
}

export interface WrittenExport {
  /** The `--source` options that send it. */
  readonly options: readonly string[]
  /** Id of the last row that was written. */
  readonly lastId: { readonly city: number; readonly airport: number }
}

/** The first rows of the demo's export, but for those that it breaks. */
export async function writeSmallExport(directory: string, size: SmallExport): Promise<WrittenExport> {
  const cities = (await readCities()).map((city, index) => legacyCity(city, index + 1))
  const airports = (await readAirports()).map((airport, index) => legacyAirport(airport, index + 1))
  return {
    lastId: {
      city: await writeFiles(join(directory, 'cities'), cities, 'cities', size.cities),
      airport: await writeFiles(join(directory, 'airports'), airports, 'airports', size.airports),
    },
    options: ['cities', 'airports'].flatMap((segment) => [
      '--source',
      `${segment}=${join(directory, segment)}`,
    ]),
  }
}

async function writeFiles(
  folder: string,
  all: readonly Row[],
  segment: BrokenSegment,
  { files, rowsPerFile }: Part,
): Promise<number> {
  await mkdir(folder, { recursive: true })
  const rows = all
    .filter(({ id }) => breakageOf(segment, Number(id)) === undefined)
    .slice(0, files * rowsPerFile)
  for (let file = 0; file < files; file += 1) {
    const own = rows.slice(file * rowsPerFile, (file + 1) * rowsPerFile)
    const lines = [Object.keys(own[0] ?? {}), ...own.map((row) => Object.values(row))]
    const text = lines.map((fields) => legacyLine(fields, '\n')).join('')
    await writeFile(join(folder, `part-${file + 1}.csv`), text)
  }
  return Number(rows.at(-1)?.id)
}
