import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const result = z.object({ status: z.string(), memoryMiB: z.record(z.string(), z.number()) })

/** Peak resident memory of each function, in MiB. */
export type Peaks = Readonly<Record<string, number>>

/** Runs the whole migration of a file in a copy of the project. @throws Error when it does not succeed. */
export async function measuredRun(project: string, file: string, state: string): Promise<Peaks> {
  const json = `${state}.json`
  const started = ['local/main.ts', 'start', 'cities', '--source', `cities=${file}`]
  const child = spawn(process.execPath, [...started, '--approve', '--state', state, '--json', json], {
    cwd: project,
    stdio: 'inherit',
  })
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done))
  if (code !== 0) throw new Error(`the run ended with code ${code}; its state was in ${state}`)
  const { status, memoryMiB } = result.parse(JSON.parse(await readFile(json, 'utf8')))
  if (status !== 'succeeded') throw new Error(`the run ended: ${status}`)
  return memoryMiB
}
