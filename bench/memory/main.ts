/**
 * `npm run bench:memory [-- --rows 100000,1000000]`: migrates generated files of several sizes in batches of the same
 * size, and fails where a function takes more than 256 MiB, or the largest function of all more than 10 % more for the
 * largest file than for the smallest. The default takes about a quarter of an hour on two cores that do nothing else
 * (what else they do shows in the peaks), and some gigabytes of disk.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeCities } from './generated-cities.ts'
import { judgePeaks, mostGrowth, mostMiB, type Judgement, type Measurement } from './judge-peaks.ts'
import { measuredRun } from './measured-run.ts'
import { copyProject } from './project-copy.ts'

/** So many batches the smallest source is cut into by itself. */
const fewestBatches = 50

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000,1000000' } } })
const sizes = values.rows.split(',').map(Number)
if (sizes.length < 2 || !sizes.every((rows) => Number.isInteger(rows) && rows >= 10_000)) {
  throw new Error('--rows takes two sizes or more, of at least 10,000 rows each, such as 100000,1000000')
}
sizes.sort((a, b) => a - b)

const directory = await mkdtemp(join(tmpdir(), 'lockgate-memory-'))
try {
  const judgement = judgePeaks(await measure())
  console.log(`\n${table(judgement)}`)
  for (const complaint of judgement.complaints) console.log(complaint)
  process.exitCode = judgement.complaints.length === 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(directory, { recursive: true })
}

async function measure(): Promise<Measurement[]> {
  const project = join(directory, 'project')
  const measurements: Measurement[] = []
  for (const rows of sizes) {
    const file = join(directory, `cities-${rows}.csv`)
    const bytes = await writeCities(file, rows)
    if (measurements.length === 0) await copyProject(project, Math.floor(bytes / fewestBatches))
    console.log(`\n==> ${rows.toLocaleString('en')} rows, ${(bytes / 1_048_576).toFixed(1)} MiB`)
    const state = join(directory, `state-${rows}`)
    measurements.push({ rows, peaks: await measuredRun(project, file, state) })
    await rm(state, { recursive: true })
    await rm(file)
  }
  return measurements
}

function table({ functions, peak }: Judgement): string {
  const header = [
    'peak of a process, MiB',
    ...sizes.map((rows) => `${rows.toLocaleString('en')} rows`),
    'ratio',
  ]
  const lines = [...functions, peak].map(({ name, peaks: own, growth }) => [
    name,
    ...own.map((peak) => peak.toFixed(1)),
    growth.toFixed(3),
  ])
  const limits = ['limit', ...sizes.map(() => mostMiB.toFixed(1)), mostGrowth.toFixed(3)]
  return [header, ...lines, limits]
    .map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(32) : cell.padStart(16))).join(''))
    .join('\n')
}
