import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../services/durable-file.ts'
import { requireIdle } from '../system/holder.ts'
import { UsageError } from './usage-error.ts'

/** What a state directory says of itself, in `lockgate.json`. The file is also what marks it as one. */
const record = z.object({
  lockgate: z.literal('state directory'),
  migration: z.string(),
  executionArn: z.string().optional(),
  input: z.record(z.string(), z.unknown()).optional(),
  /** What is to be sent before the first execution is started. */
  sources: z.array(z.object({ segment: z.string(), path: z.string() })).optional(),
})
export type StateRecord = z.infer<typeof record>

const markOf = (directory: string) => join(directory, 'lockgate.json')

/** @throws UsageError when the directory is no state directory. */
export async function readState(directory: string): Promise<StateRecord> {
  const mark = markOf(directory)
  if (!existsSync(mark)) {
    throw new UsageError(
      `${directory} is not a state directory: it has no lockgate.json. Begin with the command start`,
    )
  }
  const parsed = record.safeParse(await readJson(mark))
  if (parsed.success) return parsed.data
  throw new UsageError(`${mark} cannot be read. Give another directory with --state, or delete this one`)
}

export async function writeState(directory: string, state: Omit<StateRecord, 'lockgate'>): Promise<void> {
  const content: StateRecord = { lockgate: 'state directory', ...state }
  writeWhole(markOf(directory), `${JSON.stringify(content, null, 2)}\n`)
}

/**
 * Makes sure that a directory can hold a run of this migration: new, empty or a state directory of the same one.
 * With `fresh` what it holds is deleted first. @throws UsageError for any other directory, and Error for one that is
 * in use; it stays as it is.
 */
export async function prepareState(
  path: string,
  migration: string,
  fresh: boolean,
): Promise<'new' | 'emptied' | 'kept'> {
  const directory = resolve(path)
  const entries = existsSync(directory) ? await readdir(directory) : []
  if (entries.length === 0) {
    await writeState(directory, { migration })
    return 'new'
  }
  const state = await readState(directory)
  await requireIdle(directory)
  if (fresh) {
    // The mark goes last: what a kill leaves behind can be emptied again.
    await writeState(directory, { migration })
    const others = entries.filter((entry) => join(directory, entry) !== markOf(directory))
    for (const entry of others) await rm(join(directory, entry), { recursive: true })
    return 'emptied'
  }
  if (state.migration === migration) return 'kept'
  throw new UsageError(
    `${directory} belongs to the migration ${state.migration}. Give another one with --state`,
  )
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${path} is not JSON. Give another directory with --state, or delete this one`, {
      cause: error,
    })
  }
}
