import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCities } from '../memory/generated-cities.ts'

/** The bytes of a file of so many generated rows. */
export async function citiesText(rows: number): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'lockgate-speed-'))
  try {
    const file = join(directory, 'cities.csv')
    await writeCities(file, rows)
    return await readFile(file)
  } finally {
    await rm(directory, { recursive: true })
  }
}
