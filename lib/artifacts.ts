import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'
import { bundleOptions } from './bundling.ts'
import type { MigrationDescription } from './migration-description.ts'

export interface Artifact {
  readonly migration: string
  /** SHA-256 of `content`. */
  readonly fingerprint: string
  /** A module whose default export is the migration. */
  readonly content: Uint8Array
}

/**
 * The migrations, each compiled by itself with its mapping, its contracts, its reference data and whatever it
 * imports, and with the version of the hash key where it hashes. Comments and formatting are gone, and so is
 * every function that the migration does not use; what is left is what the fingerprint stands for.
 */
export function compileMigrations(
  root: string,
  migrations: readonly MigrationDescription[],
  piiKeyVersion: number,
): Artifact[] {
  const { outputFiles } = buildSync({
    ...bundleOptions(root),
    entryPoints: Object.fromEntries(migrations.map(({ name, file }) => [name, file])),
    outdir: 'artifacts',
    outExtension: { '.js': '.mjs' },
    write: false,
  })
  return migrations.map((migration) => {
    const compiled = outputFiles.find(({ path }) => basename(path) === `${migration.name}.mjs`)
    if (compiled === undefined) throw new Error(`esbuild made no module of ${migration.file}`)
    const hashes = migration.segments.some(({ hashesPii }) => hashesPii)
    const content = Buffer.from(compiled.text + (hashes ? `// hash key version ${piiKeyVersion}\n` : ''))
    return {
      migration: migration.name,
      fingerprint: createHash('sha256').update(content).digest('hex'),
      content,
    }
  })
}

/** Puts the artifacts beside the bundle of the function that stores them. */
export function shipArtifacts(folder: string, artifacts: readonly Artifact[]): void {
  mkdirSync(join(folder, 'artifacts'), { recursive: true })
  for (const { migration, content } of artifacts) {
    writeFileSync(join(folder, 'artifacts', `${migration}.mjs`), content)
  }
}
