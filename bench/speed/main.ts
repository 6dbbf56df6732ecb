/**
 * `npm run bench:speed [-- --rows 100000]`: how long Lockgate takes to scan, read and map a file, and what each step
 * takes over stores in memory, in relation to what csv-parse takes to parse the same file in the same run. Only the
 * ratios say something: the times are this machine's.
 */
import { parseArgs } from 'node:util'
import { citiesText } from './cities-text.ts'
import { measuresOf, reference } from './measures.ts'
import { timeSteps } from './steps.ts'

const rounds = 5

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })
const rows = Number(values.rows)
if (!Number.isInteger(rows) || rows < 1_000) throw new Error('--rows takes a number of at least 1,000')

const bytes = await citiesText(rows)
const times = new Map<string, number[]>()
const note = (name: string, milliseconds: number) =>
  times.set(name, [...(times.get(name) ?? []), milliseconds])
for (let round = 0; round < rounds; round += 1) {
  for (const [name, measure] of Object.entries(measuresOf(bytes))) {
    const started = performance.now()
    const found = await measure()
    note(name, performance.now() - started)
    if (found !== rows) throw new Error(`${name} found ${found} records of ${rows}`)
  }
  for (const [step, milliseconds] of Object.entries(await timeSteps(bytes)))
    note(`step ${step}`, milliseconds)
}

const medians = [...times].map(([name, all]) => [name, median(all)] as const)
const base = median(times.get(reference) ?? [])
console.log(
  `${rows.toLocaleString('en')} rows, ${(bytes.length / 1_048_576).toFixed(1)} MiB, median of ${rounds} rounds\n`,
)
console.log(`${'ratio'.padStart(8)}  ${'ms'.padStart(8)}  ${'rows/s'.padStart(10)}`)
for (const [name, ms] of medians) {
  const perSecond = Math.round((1_000 * rows) / ms).toLocaleString('en')
  console.log(
    `${(ms / base).toFixed(2).padStart(8)}  ${ms.toFixed(0).padStart(8)}  ${perSecond.padStart(10)}  ${name}`,
  )
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
}
