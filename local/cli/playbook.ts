import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { readSettings, type Settings } from '../../lib/config.ts'
import { playbook } from '../playbook/playbook.ts'
import type { Environment } from './environment.ts'
import { loadMigration } from './load-migration.ts'
import { projectRoot } from './project.ts'

const playbookOptions = z.object({ to: z.string().optional(), environment: z.string().optional() })

export function addPlaybook(program: Command, environment: Environment): void {
  program
    .command('playbook')
    .argument('<migration>', 'name of a migration in migrations/registry.ts')
    .summary('write the document that the people of a migration work from')
    .description(
      'Writes, from the definition and cdk.json, who owns, signs and is told what, which criteria hold at which stage, what\n' +
        'each decision and trigger does, and checklists: Markdown, with the flow as a Mermaid diagram.',
    )
    .option('--to <file>', 'write it to this file (default: print it)')
    .option('--environment <name>', 'environment of cdk.json (default: the one that cdk.json chooses)')
    .addHelpText(
      'after',
      `
Examples:
  npm run playbook -- cities --to playbook.md
  npm run playbook -- cities --environment prod --to playbook.md`,
    )
    .action(async (name: string, given: unknown) => {
      const { to, environment: chosen } = playbookOptions.parse(given)
      const text = playbook(await loadMigration(name), await settingsOf(chosen))
      if (to === undefined) return environment.print(text.trimEnd())
      await writeFile(resolve(to), text)
      environment.print(`Playbook: ${resolve(to)}`)
    })
}

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) })

async function settingsOf(environment: string | undefined): Promise<Settings> {
  const { context } = cdkJson.parse(JSON.parse(await readFile(join(projectRoot, 'cdk.json'), 'utf8')))
  const all = environment === undefined ? context : { ...context, environment }
  return readSettings((key) => all[key])
}
