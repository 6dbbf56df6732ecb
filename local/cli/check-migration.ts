import type { Command } from 'commander'
import { problemText } from '../../lambdas/shared/domain/definition/check/definition-problem.ts'
import type { PlacedProblem } from './definition-source.ts'
import type { Environment } from './environment.ts'
import { projectRoot } from './project.ts'

export function addCheckMigration(program: Command, environment: Environment): void {
  program
    .command('check-migration')
    .argument('[name]', 'name of a migration; without it, all of them')
    .summary('find the mistakes in migration definitions')
    .description(
      'Compiles the definitions and checks what no compiler sees. Each mistake comes with file, line and field.',
    )
    .option(
      '--json',
      'print the mistakes as JSON: { "problems": [ { "file", "line", "segment", "field", "message" } ] }',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run check-migration
  npm run check-migration -- cities
  npm run check-migration -- cities --json

Exit codes: 0 no mistake; 1 there are some; 2 the command line is wrong.`,
    )
    .action(async (name: string | undefined, given: { json?: boolean }) => {
      // Loaded here because the compiler takes a while to load, and no other command needs it.
      const { findProblems } = await import('./find-problems.ts')
      const problems = await findProblems(projectRoot, name)
      environment.print(
        given.json === true ? JSON.stringify({ problems }, null, 2) : problemsText(problems, name),
      )
      environment.exitWith(problems.length === 0 ? 0 : 1)
    })
}

function problemsText(problems: readonly PlacedProblem[], name: string | undefined): string {
  if (problems.length === 0) return `${name ?? 'All migrations'}: no mistakes found.`
  const lines = problems.map(({ line, ...problem }) =>
    problemText(line === undefined ? problem : { ...problem, file: `${problem.file}:${line}` }),
  )
  return [...lines, '', `${problems.length} mistake${problems.length === 1 ? '' : 's'}.`].join('\n')
}
