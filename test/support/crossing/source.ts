import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const defaultRows = { towns: 480, ports: 160 }
const filesPerSegment = 2
const header = 'id,name,mail,open,note'
/** Makes some thirty rows fill a batch. */
const note = 'what is known of this place '.repeat(4)

/** Writes the source of both segments. Answers the `--source` options that send it. */
export async function writeCrossingSource(directory: string, rows = defaultRows): Promise<string[]> {
  const options: string[] = []
  for (const [segment, count] of Object.entries(rows)) {
    const folder = join(directory, segment)
    await mkdir(folder, { recursive: true })
    const all = Array.from({ length: count }, (_, index) => line(segment, index, count))
    const perFile = Math.ceil(count / filesPerSegment)
    for (let file = 0; file < filesPerSegment; file += 1) {
      const own = all.slice(file * perFile, (file + 1) * perFile)
      await writeFile(join(folder, `${file + 1}.csv`), `${[header, ...own].join('\n')}\n`)
    }
    options.push('--source', `${segment}=${folder}`)
  }
  return options
}

/** Every fiftieth row has the key of another, every thirty-first breaks the contract, every twenty-third is closed. */
function line(segment: string, index: number, count: number): string {
  const id = index % 50 === 49 ? (index + 130) % count : index
  const name = index % 31 === 30 ? '' : `${segment} number ${index}`
  return `${id},${name},someone-${index}@example.com,${index % 23 === 22 ? 'no' : 'yes'},${note}${index}`
}
