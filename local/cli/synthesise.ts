import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { projectRoot } from './project.ts'
import type { Screen } from './screen.ts'

/** All that the assembly is made of. */
const inputs = [
  'bin',
  'lib',
  'lambdas',
  'statemachines',
  'migrations',
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
]

/**
 * Runs `cdk synth` into `<state>/cdk.out`, unless nothing has changed since the last time. Answers the directory.
 * @throws Error with what the CDK app said.
 */
export async function synthesise(
  stateDirectory: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<string> {
  const assembly = join(stateDirectory, 'cdk.out')
  const mark = join(stateDirectory, 'cdk.out.sha256')
  const state = await hashOfInputs()
  if (
    existsSync(join(assembly, 'manifest.json')) &&
    existsSync(mark) &&
    (await readFile(mark, 'utf8')) === state
  ) {
    screen.line('The CDK app has not changed: using what was synthesised before.')
    return assembly
  }
  screen.line('Synthesising the CDK app (cdk synth) …')
  const started = performance.now()
  // What a killed synthesis leaves behind is not taken for whole, also when the change is taken back.
  await rm(mark, { force: true })
  await cdkSynth(assembly, signal)
  await writeFile(mark, state)
  screen.line(`Synthesised in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
  return assembly
}

async function cdkSynth(assembly: string, signal: AbortSignal): Promise<void> {
  const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk')
  const bin = join(projectRoot, 'node_modules', '.bin')
  const child = spawn(process.execPath, [cdk, 'synth', '--quiet', '--no-notices', '--output', assembly], {
    cwd: projectRoot,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const said: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => said.push(part))
  child.stderr.on('data', (part: Buffer) => said.push(part))
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done))
  if (code !== 0)
    throw new Error(`cdk synth failed; what it said:\n\n${Buffer.concat(said).toString('utf8').trim()}`)
}

async function hashOfInputs(): Promise<string> {
  const hash = createHash('sha256')
  for (const input of inputs) {
    for (const file of await filesOf(join(projectRoot, input))) {
      const content = createHash('sha256')
        .update(await readFile(file))
        .digest('hex')
      hash.update(`${file}\n${content}\n`)
    }
  }
  return hash.digest('hex')
}

async function filesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return []
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (entries === undefined) return [path]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
