import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyProject } from '../project-copy.ts'

/** A copy of the project in which the migration `crossing` is the only one. */
export async function crossingProject(directory: string): Promise<void> {
  await copyProject(directory)
  const migrations = join(directory, 'migrations')
  await rm(migrations, { recursive: true })
  await mkdir(join(migrations, 'crossing'), { recursive: true })
  await cp(join(import.meta.dirname, 'migration.ts'), join(migrations, 'crossing', 'migration.ts'))
  const registry = `import crossing from './crossing/migration.ts'\nexport const migrations = [crossing]\n`
  await writeFile(join(migrations, 'registry.ts'), registry)
}
