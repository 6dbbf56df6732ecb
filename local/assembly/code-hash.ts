import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/**
 * SHA-256 over names and contents of all files, so that the same bundle is the same version wherever it lies.
 * Synchronous, because version numbers are asked for in the middle of resolving an expression.
 */
export function codeHash(directory: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort()
  for (const file of files) {
    const content = readFileSync(join(directory, file))
    hash.update(`${JSON.stringify(file.split(sep))} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}
