import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { writeLegacyExport } from '../demo/write-legacy-export.ts'
import type { Environment } from './environment.ts'
import { loadMigration } from './load-migration.ts'
import { defaultState } from './project.ts'
import { addRunOptions, exitCodes, runOptions, type RunOptions } from './run-options.ts'
import { runMigration } from './run-migration.ts'
import { startUpon } from './start-execution.ts'
import { prepareState, writeState } from './state-directory.ts'

const name = 'cities'

export function addDemo(program: Command, environment: Environment): void {
  addRunOptions(program.command('demo'))
    .summary('migrate the cities and airports of the world, from files to DynamoDB')
    .description(
      'Writes a legacy export of 171,075 cities (GeoNames, CC-BY 4.0) and 7,184 airports (OpenFlights), and migrates it\n' +
        'on this machine through rehearse, pilot and full. Some rows are broken on purpose: see docs/demo.md.',
    )
    .option('--keep', 'go on with what the state directory holds, rather than begin afresh')
    .addHelpText(
      'after',
      `
Examples:
  npm run demo                        wait at each gate; decide on the approval pages
  npm run demo -- --approve           answer each gate by itself
  npm run demo -- --approve --json result.json
${exitCodes}`,
    )
    .action(async (given: { keep?: boolean }) => {
      environment.exitWith(await demo(runOptions.parse(given), given.keep !== true, environment))
    })
}

async function demo(options: RunOptions, fresh: boolean, environment: Environment): Promise<0 | 1> {
  const { screen } = environment
  const migration = await loadMigration(name)
  const stateDirectory = resolve(options.state ?? defaultState(name))
  const state = await prepareState(stateDirectory, name, fresh)
  if (state === 'emptied')
    screen.line(`The demo begins afresh: emptied ${stateDirectory} (--keep would have kept it).`)
  screen.line('Writing the legacy export …')
  const folders = await writeLegacyExport(join(stateDirectory, 'export'))
  const sources = Object.entries(folders).map(([segment, path]) => ({ segment, path: String(path) }))
  await writeState(stateDirectory, { migration: name, input: {}, sources })
  return runMigration(
    {
      migration,
      stateDirectory,
      options,
      execution: (clients, system) => {
        const start = { migration: name, stateDirectory, input: {} }
        return startUpon(sources, clients, system, migration, start, screen)
      },
    },
    environment.surroundings(),
  )
}
