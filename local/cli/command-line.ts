import { Command, CommanderError } from 'commander'
import { addCheckMigration } from './check-migration.ts'
import { addDemo } from './demo.ts'
import type { Environment } from './environment.ts'
import { addPlaybook } from './playbook.ts'
import { addResume } from './resume.ts'
import { addStart } from './start.ts'
import { UsageError } from './usage-error.ts'

/** Runs one command line. Answers the exit code: 0 success, 1 no success, 2 the command line is wrong. */
export async function runCommandLine(
  argv: readonly string[],
  environmentOf: (exitWith: (code: 0 | 1) => void) => Environment,
): Promise<number> {
  let exitCode = 0
  const environment = environmentOf((code) => (exitCode = code))
  const program = new Command('lockgate')
    .description('Lockgate on one machine, without an AWS account: what CDK synthesises runs here.')
    .configureOutput({
      writeOut: (text) => environment.print(text.trimEnd()),
      writeErr: (text) => environment.printError(text.trimEnd()),
    })
    .showHelpAfterError('Add --help for what there is.')
    .exitOverride()
  addDemo(program, environment)
  addStart(program, environment)
  addResume(program, environment)
  addCheckMigration(program, environment)
  addPlaybook(program, environment)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    environment.printError(messageOf(error))
    return error instanceof UsageError ? 2 : 1
  }
}

function messageOf(error: unknown): string {
  if (error instanceof UsageError) return `error: ${error.message}`
  if (error instanceof Error && error.name === 'AbortError') return 'Stopped.'
  // A fault of the program itself: only its stack says where.
  if (error instanceof TypeError || error instanceof ReferenceError) return error.stack ?? error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
