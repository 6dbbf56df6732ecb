import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { FaultOptions } from '../../local/faults/fault-plan.ts'
import { runCommandOf } from './command.ts'
import { outcomeOf, type Outcome } from './crossing/outcome.ts'

const result = z.object({
  status: z.literal('succeeded'),
  requests: z.int(),
  stages: z.array(z.object({ ledger: z.unknown(), reconciliation: z.unknown() })),
})
const counted = /Faults: (\d+) of (\d+) calls failed/

export interface EndedRun {
  readonly outcome: Outcome
  /** What `--json` says of each stage: ledger and reconciliation, from the evidence. */
  readonly stages: z.infer<typeof result>['stages']
  readonly requests: number
  readonly calls: number
  readonly failed: number
  readonly seconds: number
}

export interface Place {
  /** The project, or a copy of it. */
  readonly project: string
  /** Of the state directories. */
  readonly directory: string
  /** The command and its options, without those that are given here. */
  readonly command: readonly string[]
}

/** A run that nobody disturbs, in the state directory `undisturbed`. @throws Error unless it succeeds. */
export const undisturbedRun = (place: Place): Promise<EndedRun> => run(place, 'undisturbed', [])

/** The same run with faults, on what was synthesised for the undisturbed one and with its keys. */
export async function disturbedRun(place: Place, { share, seed }: FaultOptions): Promise<EndedRun> {
  const name = `seed-${seed}`
  for (const file of ['cdk.out', 'cdk.out.sha256', 'lockgate.json', 'kms']) {
    const from = join(place.directory, 'undisturbed', file)
    await cp(from, join(place.directory, name, file), { recursive: true })
  }
  return run(place, name, ['--faults', String(share), '--seed', String(seed)])
}

async function run(
  { project, directory, command }: Place,
  name: string,
  options: readonly string[],
): Promise<EndedRun> {
  const [state, json] = [join(directory, name), join(directory, `${name}.json`)]
  const started = performance.now()
  const running = runCommandOf(project, ...command, '--state', state, '--approve', '--json', json, ...options)
  const { code, output } = await running.finished
  const seconds = Math.round((performance.now() - started) / 1000)
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`)
  const { requests, stages } = result.parse(JSON.parse(await readFile(json, 'utf8')))
  const [, failed = 0, calls = 0] = (counted.exec(output) ?? []).map(Number)
  return { outcome: await outcomeOf(state), stages, requests, calls, failed, seconds }
}
