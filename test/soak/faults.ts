import { Command } from 'commander'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { disturbedRun, undisturbedRun, type EndedRun, type Place } from '../support/fault-runs.ts'
import { writeSmallExport } from '../support/small-export.ts'

/**
 * `npm run soak:faults`: the demo, once undisturbed and once for each seed with faults. All that the runs leave must
 * be the same: table, ledgers, evidence, checkpoints, gates, objects. Takes some ten minutes for each seed.
 */
const given = new Command('soak:faults')
  .option('--seeds <integers>', 'separated by commas', '1,2,3')
  .option('--faults <share>', 'of all calls to S3 and DynamoDB', '0.2')
  .option('--small', 'with a few thousand rows in place of the whole demo')
  .option('--state <dir>', 'keep the state directories here (default: none are kept)')
  .parse()
  .opts()
const { seeds, faults, small, state } = z
  .object({
    seeds: z.string().transform((text) => text.split(',').map(Number)),
    faults: z.coerce.number().min(0).max(1),
    small: z.boolean().default(false),
    state: z.string().optional(),
  })
  .parse(given)

const directory = state === undefined ? await mkdtemp(join(tmpdir(), 'lockgate-soak-')) : resolve(state)
try {
  await mkdir(directory, { recursive: true })
  const place: Place = { project: resolve(import.meta.dirname, '../..'), directory, command: await command() }
  const undisturbed = await undisturbedRun(place)
  tell('undisturbed', undisturbed)
  for (const seed of seeds) {
    const run = await disturbedRun(place, { share: faults, seed })
    tell(`seed ${seed}`, run)
    const differing = differences(undisturbed, run)
    for (const text of differing) console.log(`  DIFFERS: ${text}`)
    if (differing.length > 0) process.exitCode = 1
    else console.log('  the same')
  }
} finally {
  if (state === undefined) await rm(directory, { recursive: true, force: true })
}

async function command(): Promise<readonly string[]> {
  // Begun afresh, it would lose what was synthesised for the first run, and its keys.
  if (!small) return ['demo', '--keep']
  const size = { cities: { files: 2, rowsPerFile: 1500 }, airports: { files: 1, rowsPerFile: 300 } }
  const { options } = await writeSmallExport(join(directory, 'export'), size)
  return ['start', 'cities', ...options]
}

function tell(name: string, { seconds, requests, calls, failed, outcome, stages }: EndedRun): void {
  const disturbed = calls > 0 ? `, ${failed} of ${calls} calls failed` : ''
  console.log(`${name}: ${seconds} s, ${requests} requests${disturbed}; ${outcome.places.length} items`)
  for (const stage of stages) console.log(`  ${JSON.stringify(stage)}`)
}

/** Parts that are not the same, each with its first entry that is not. */
function differences(one: EndedRun, other: EndedRun): string[] {
  const found = new Map(linesOf(other))
  return linesOf(one).flatMap(([part, expected]) => {
    const lines = found.get(part) ?? []
    const all = [...expected, ...lines].keys()
    const first = all.find((i) => expected[i] !== lines[i])
    return first === undefined
      ? []
      : [`${part} ${first}: ${shown(expected[first])} became ${shown(lines[first])}`]
  })
}

function linesOf({ outcome, stages }: EndedRun): (readonly [string, string[]])[] {
  const parts: Record<string, Iterable<unknown>> = { ...outcome, stages }
  return Object.entries(parts).map(
    ([name, part]) => [name, [...part].map((entry) => JSON.stringify(entry))] as const,
  )
}

function shown(line = 'nothing'): string {
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}
