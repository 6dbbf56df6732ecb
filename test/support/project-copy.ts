import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const parts = [
  ...['bin', 'lib', 'lambdas', 'local', 'migrations', 'statemachines'],
  ...['cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'],
]

/** A copy of the project that a test can change and run; the packages are shared. */
export async function copyProject(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  for (const part of parts) await cp(join(root, part), join(directory, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'))
}

/** Replaces a text that a file of the copy has once. @throws Error where it has not. */
export async function rewrite(directory: string, file: string, text: string, by: string): Promise<void> {
  const path = join(directory, file)
  const parts = (await readFile(path, 'utf8')).split(text)
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${text}`)
  await writeFile(path, parts.join(by))
}
