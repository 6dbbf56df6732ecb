import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Environment } from './environment.ts'
import { loadMigration } from './load-migration.ts'
import { addRunOptions, exitCodes, runOptions, type RunOptions } from './run-options.ts'
import { runMigration } from './run-migration.ts'
import { resumeExecution, startUpon } from './start-execution.ts'
import { readState } from './state-directory.ts'
import { UsageError } from './usage-error.ts'

export function addResume(program: Command, environment: Environment): void {
  addRunOptions(program.command('resume'))
    .summary('go on with a run that was stopped, killed, held, or that failed')
    .description(
      'Goes on with the run of a state directory: one that was stopped or killed where it was, one that failed by a\n' +
        'redrive, one that a gate held by starting it again.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run local -- resume --state .lockgate/cities
  npm run local -- resume --state .lockgate/cities --approve --json result.json
${exitCodes}`,
    )
    .action(async (given: unknown) => {
      environment.exitWith(await resume(runOptions.parse(given), environment))
    })
}

async function resume(options: RunOptions, environment: Environment): Promise<0 | 1> {
  if (options.state === undefined) {
    throw new UsageError(
      'resume needs --state <dir>, the directory that the command before it named when it stopped',
    )
  }
  const stateDirectory = resolve(options.state)
  const { migration: name, executionArn, input = {}, sources } = await readState(stateDirectory)
  if (executionArn === undefined && sources === undefined) {
    throw new UsageError(`nothing has been started in ${stateDirectory} yet: begin again with start or demo`)
  }
  const migration = await loadMigration(name)
  const start = { migration: name, stateDirectory, input }
  return runMigration(
    {
      migration,
      stateDirectory,
      options,
      execution: (clients, system) =>
        executionArn === undefined
          ? startUpon(sources ?? [], clients, system, migration, start, environment.screen)
          : resumeExecution(clients.states, system.stateMachineArn, executionArn, start, environment.screen),
    },
    environment.surroundings(),
  )
}
