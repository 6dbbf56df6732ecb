import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkMigration } from '../../lambdas/shared/domain/definition/check/check-migration.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { compileMigrations, type Compiled } from './compile-migrations.ts'
import { placed, type PlacedProblem } from './definition-source.ts'
import { UsageError } from './usage-error.ts'

/**
 * Every mistake in the migrations under `<root>/migrations`, or in the one of this name. What does not compile is not
 * checked further. @throws UsageError when there is no such migration.
 */
export async function findProblems(root: string, name?: string): Promise<PlacedProblem[]> {
  const folders = await migrationFolders(root, name)
  const compiled = compileMigrations(root)
  const registered = await registeredNames(root, compiled)
  const found = await Promise.all(folders.map((folder) => problemsOf(root, folder, compiled, registered)))
  const ofRegistry =
    name === undefined ? compiled.problems.filter(({ file }) => file.split('/').length === 2) : []
  return [...ofRegistry, ...found.flat()]
}

async function migrationFolders(root: string, name: string | undefined): Promise<string[]> {
  const entries = await readdir(join(root, 'migrations'), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  if (name === undefined) return folders
  if (folders.includes(name)) return [name]
  throw new UsageError(
    `there is no migration ${name}: no folder migrations/${name}. There are: ${folders.join(', ')}`,
  )
}

/** `undefined` when the registry cannot be loaded, which is told where the fault is. */
async function registeredNames(root: string, { problems }: Compiled): Promise<readonly string[] | undefined> {
  if (problems.length > 0) return undefined
  const loaded = await load<{ migrations: readonly Migration[] }>(join(root, 'migrations', 'registry.ts'))
  return loaded instanceof Error ? undefined : loaded.migrations.map((migration) => migration.name)
}

async function problemsOf(
  root: string,
  folder: string,
  compiled: Compiled,
  registered: readonly string[] | undefined,
): Promise<PlacedProblem[]> {
  const file = `migrations/${folder}/migration.ts`
  const wrongTypes = compiled.problems.filter((problem) => problem.file.startsWith(`migrations/${folder}/`))
  if (wrongTypes.length > 0) return wrongTypes
  if (!existsSync(join(root, file)))
    return [{ file, message: 'is missing; a migration is its default export' }]
  const loaded = await load<{ default?: Migration }>(join(root, file))
  if (loaded instanceof Error) return [{ file, message: `cannot be loaded: ${loaded.message}` }]
  if (loaded.default === undefined)
    return [{ file, message: 'has no default export; export default defineMigration({ … })' }]
  const problems = checkMigration(loaded.default).map((problem) =>
    placed({ ...problem, file }, compiled.filesOf(folder), root),
  )
  if (loaded.default.name !== folder) {
    problems.push({
      file,
      field: 'name',
      message: `is not the name of its folder, ${folder}; make them the same`,
    })
  } else if (registered?.includes(folder) === false) {
    problems.push({ file, message: 'is not in migrations/registry.ts, so nothing can run it; add it there' })
  }
  return problems
}

async function load<Module>(path: string): Promise<Module | Error> {
  try {
    return (await import(pathToFileURL(path).href)) as Module
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
