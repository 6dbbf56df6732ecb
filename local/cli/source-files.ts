import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import { UsageError } from './usage-error.ts'

/** `--source <segment>=<file or folder>`. */
export interface SourceOption {
  readonly segment: string
  readonly path: string
}

export interface SourceFile {
  readonly path: string
  /** Object key, under the segment's prefix. */
  readonly key: string
  readonly bytes: number
}

/** @throws UsageError. */
export function parseSourceOption(text: string): SourceOption {
  const at = text.indexOf('=')
  const [segment, path] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
  if (segment !== '' && path !== '') return { segment, path }
  throw new UsageError(
    `--source ${text} is not <segment>=<file or folder>, such as --source cities=./export/cities`,
  )
}

/** @throws UsageError, listing the segments that there are. */
export function segmentOf(migration: Migration, { segment }: SourceOption): Segment {
  const found = migration.segments.find(({ name }) => name === segment)
  if (found !== undefined) return found
  const known = migration.segments.map(({ name }) => name).join(', ')
  throw new UsageError(`--source: ${migration.name} has no segment ${segment}; it has ${known}`)
}

/** The files of one source, with the keys they get. @throws UsageError when there are none. */
export async function listSourceFiles(path: string, prefix: string): Promise<SourceFile[]> {
  if (!existsSync(path)) throw new UsageError(`--source: there is no file or folder ${path}`)
  const isFolder = (await stat(path)).isDirectory()
  const paths = isFolder ? await filesUnder(path) : [path]
  if (paths.length === 0) throw new UsageError(`--source: the folder ${path} has no files`)
  return Promise.all(
    paths.map(async (file) => {
      const name = isFolder ? relative(path, file).split(sep).join('/') : basename(file)
      return { path: file, key: prefix + name, bytes: (await stat(file)).size }
    }),
  )
}

/** Hidden files are left out: what a file browser leaves behind is no source. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
