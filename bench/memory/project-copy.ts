import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../../local/cli/project.ts'

const parts = [
  ...['bin', 'lambdas', 'lib', 'local', 'migrations', 'statemachines'],
  ...['cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'],
]

/**
 * A copy of the project whose migration is the cities of the demo alone, in batches of so many bytes: left to itself,
 * planning makes smaller batches for a smaller source. What is edited meanwhile does not get into the run either.
 */
export async function copyProject(directory: string, batchBytes: number): Promise<void> {
  await mkdir(directory)
  for (const part of parts) await cp(join(projectRoot, part), join(directory, part), { recursive: true })
  await symlink(join(projectRoot, 'node_modules'), join(directory, 'node_modules'))
  await writeFile(join(directory, 'migrations/cities/migration.ts'), migrationOf(batchBytes))
}

const migrationOf = (batchBytes: number) => `import { defineMigration } from '#lockgate'
import { cities } from './cities.ts'

export default defineMigration({
  name: 'cities',
  segments: [{ ...cities, slicing: { batchBytes: ${batchBytes} } }],
  gate: { quorum: { steward: 1 } },
})
`
