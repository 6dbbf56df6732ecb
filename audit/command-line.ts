import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { LogHead } from '../lambdas/shared/domain/decision-log/entry.ts'
import { defaultState, projectRoot } from '../local/cli/project.ts'
import type { Environment } from './environment.ts'
import { runAudit } from './run-audit.ts'
import { parseHead } from './parse-head.ts'

const given = z.object({
  to: z.string().optional(),
  head: z.array(z.custom<LogHead>()).default([]),
  key: z.array(z.string()).default([]),
  environment: z.string().optional(),
  region: z.string().optional(),
  state: z.string().optional(),
  local: z.boolean().default(false),
})

/** Exit code: 0 all agrees; 1 something was found; 2 the command line is wrong; 3 the audit could not be made. */
export async function runCommandLine(argv: readonly string[], environment: Environment): Promise<number> {
  let exitCode = 0
  const collect = <T>(parse: (text: string) => T) => {
    return (text: string, before: T[] = []): T[] => [...before, parse(text)]
  }
  const program = new Command('audit')
    .argument('<migration>', 'name of the migration, or "unattributed" for requests that name none')
    .description(
      'Verifies the decision log of a migration: its chain, its signatures, the table against the copies under Object\n' +
        'Lock, every piece of evidence that it refers to, and what gates and stages say. Writes an audit pack, with which\n' +
        'anybody can verify the same without Lockgate. Reads only.',
    )
    .option('--to <folder>', 'where the audit pack goes (default: audit-<migration>-<date>)')
    .option('--head <entries:hash>', 'what a mail said of the log; may be given again', collect(head))
    .option(
      '--key <arn>',
      'another KMS key to trust, such as one before this; may be given again',
      collect(String),
    )
    .option('--environment <name>', 'which deployment (default: that of cdk.json)')
    .option('--region <name>', 'region of AWS (default: that of the AWS configuration)')
    .option('--local', 'the local system of this migration, running or not (for unattributed, use --state)')
    .option('--state <dir>', 'the local system of this state directory, running or not')
    .addHelpText(
      'after',
      `
Examples:
  npm run audit -- cities --local
  npm run audit -- cities --head 41:5f0c…
  AWS_PROFILE=auditor npm run audit -- cities --environment prod --to cities-2026

On AWS it takes the default credentials of the SDK, and reads the tables log, gates and checkpoints, the buckets
evidence and archive, and the public key of the log.

Exit codes: 0 everything agrees; 1 something does not; 2 the command line is wrong; 3 the audit could not be made.`,
    )
    .configureOutput({
      writeOut: (text) => environment.print(text.trimEnd()),
      writeErr: (text) => environment.printError(text.trimEnd()),
    })
    .showHelpAfterError('Add --help for what there is.')
    .exitOverride()
    .action(async (chain: string, options: unknown) => {
      const { local, state, region, ...more } = given.parse(options)
      const stateDirectory = state ?? (local ? defaultState(chain) : undefined)
      const day = new Date(environment.now()).toISOString().slice(0, 10)
      const { to = `audit-${chain}-${day}`, head: heads, key: keys } = more
      const request = { chain, to, heads, keys, environment: more.environment ?? deployedEnvironment() }
      const isSound = await runAudit(
        { ...request, ...(stateDirectory && { state: stateDirectory }), ...(region && { region }) },
        environment,
      )
      exitCode = isSound ? 0 : 1
    })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    environment.printError(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
    return 3
  }
}

function head(text: string): LogHead {
  const found = parseHead(text)
  if (found) return found
  throw new InvalidArgumentError('It is <number of entries>:<hash>, as the mail says.')
}

const settings = z.object({ context: z.object({ environment: z.string() }) })

/** As `cdk deploy` takes it where nothing else is said. */
function deployedEnvironment(): string {
  return settings.parse(JSON.parse(readFileSync(`${projectRoot}/cdk.json`, 'utf8'))).context.environment
}
