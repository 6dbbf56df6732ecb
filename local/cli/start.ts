import { resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import type { Environment } from './environment.ts'
import { loadMigration } from './load-migration.ts'
import { defaultState } from './project.ts'
import { addRunOptions, exitCodes, runOptions } from './run-options.ts'
import { runMigration } from './run-migration.ts'
import { listSourceFiles, parseSourceOption, segmentOf } from './source-files.ts'
import { startUpon } from './start-execution.ts'
import { prepareState, writeState } from './state-directory.ts'
import { UsageError } from './usage-error.ts'

const startOptions = runOptions.extend({
  source: z.array(z.string()).default([]),
  input: z.string().default('{}'),
})
type StartOptions = z.infer<typeof startOptions>

export function addStart(program: Command, environment: Environment): void {
  addRunOptions(
    program.command('start').argument('<migration>', 'name of a migration in migrations/registry.ts'),
  )
    .summary('run a migration on this machine')
    .description(
      'Runs a migration on this machine. Started again over the same state directory, it takes what has passed as done,\n' +
        'and comes back to the gate that held it.',
    )
    .option(
      '--source <segment=path>',
      'file or folder to be the source of a segment; replaces what was there (repeat for each segment)',
      (text: string, before: string[] = []) => [...before, text],
    )
    .option('--input <json>', 'laid over the input of the execution, such as {"until":"pilot"}')
    .addHelpText(
      'after',
      `
Examples:
  npm run local -- start cities --source cities=./export/cities --source airports=./export/airports
  npm run local -- start cities --input '{"until":"rehearse"}' --approve
  npm run local -- start cities                 go on with the sources that are there already
${exitCodes}`,
    )
    .action(async (migration: string, given: unknown) => {
      environment.exitWith(await start(migration, startOptions.parse(given), environment))
    })
}

async function start(name: string, options: StartOptions, environment: Environment): Promise<0 | 1> {
  const migration = await loadMigration(name)
  const input = parseInput(options.input)
  const sources = options.source
    .map(parseSourceOption)
    .map(({ segment, path }) => ({ segment, path: resolve(path) }))
  // Looked at before anything is started: a wrong path is told at once.
  for (const option of sources) await listSourceFiles(option.path, segmentOf(migration, option).source.prefix)
  const stateDirectory = resolve(options.state ?? defaultState(name))
  await prepareState(stateDirectory, name, false)
  // From here on `resume` knows what to do, wherever this is cut off.
  await writeState(stateDirectory, { migration: name, input, sources })
  return runMigration(
    {
      migration,
      stateDirectory,
      options,
      execution: (clients, system) => {
        const start = { migration: name, stateDirectory, input }
        return startUpon(sources, clients, system, migration, start, environment.screen)
      },
    },
    environment.surroundings(),
  )
}

/** Only that it is a JSON object is looked at here; the run itself refuses what it cannot use. */
function parseInput(text: string): Record<string, unknown> {
  const example = `--input takes a JSON object, such as '{"until":"pilot"}'`
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
  } catch (error) {
    throw new UsageError(`${example}; ${text} is not JSON`, { cause: error })
  }
  throw new UsageError(example)
}
