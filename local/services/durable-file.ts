import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file that is there whole or not at all, also when the process is killed. */
export function writeWhole(path: string, content: string): void {
  const unfinished = temporary(path, content)
  renameSync(unfinished, path)
}

/** The content of the file, which is made when there is none yet. Whoever comes second gets what the first made. */
export function readOrCreate(path: string, make: () => string): string {
  const existing = readIfThere(path)
  if (existing !== undefined) return existing
  const unfinished = temporary(path, make())
  try {
    linkSync(unfinished, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(unfinished)
  }
  return readFileSync(path, 'utf8')
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function temporary(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.${randomUUID()}.unfinished`
  writeFileSync(unfinished, content, { mode: 0o600 })
  return unfinished
}
