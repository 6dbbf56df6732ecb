import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { compileMigrations, shipArtifacts } from '../../lib/artifacts.ts'
import { bundleFunctions, functionFolders } from '../../lib/bundling.ts'
import type { MigrationDescription } from '../../lib/migration-description.ts'
import { root } from './synthesised.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lockgate-bundling-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A repository with two functions and one migration; `mapping` is the body of its only field. */
function repository(name: string, mapping = "row => row.name + ' of ' + reference.country"): string {
  const home = join(scratch, name)
  const write = (file: string, text: string) => {
    mkdirSync(join(home, file, '..'), { recursive: true })
    writeFileSync(join(home, file), text)
  }
  write('package.json', '{ "type": "module" }')
  write(
    'lambdas/greet/handler.ts',
    "import { word } from '../shared/word.ts'\nexport const handler = async (): Promise<string> => word\n",
  )
  write(
    'lambdas/part/handler.ts',
    "import { createRequire } from 'node:module'\nexport const handler = () => createRequire\n",
  )
  write('lambdas/unfinished/unfinished.ts', 'export {}\n')
  write('lambdas/shared/word.ts', "export const word = 'ahoy'\nexport const unused = 'never shipped'\n")
  write('migrations/m/reference.json', '{ "country": "NL" }')
  write(
    'migrations/m/migration.ts',
    `import reference from './reference.json' with { type: 'json' }\nimport { helper } from './helper.ts'\n` +
      `export default { name: 'm', map: { name: ${mapping} }, helper }\n`,
  )
  write(
    'migrations/m/helper.ts',
    'export const helper = (n: number) => n * 2\nexport const other = () => 3\n',
  )
  return home
}

const described: MigrationDescription = {
  name: 'm',
  file: 'migrations/m/migration.ts',
  gate: { quorum: {} },
  segments: [],
}
const hashing: MigrationDescription = {
  ...described,
  segments: [
    {
      name: 's',
      source: { at: 'a', prefix: '' },
      target: { at: 'b', key: [{ name: 'pk', type: 'S' }] },
      hashesPii: true,
    },
  ],
}
const compile = (home: string, description = described, keyVersion = 1) => {
  const [artifact] = compileMigrations(home, [description], keyVersion)
  if (artifact === undefined) throw new Error('there is no artifact')
  return artifact
}

describe('bundles', () => {
  const home = repository('one')
  const out = join(scratch, 'out')

  it('are of the folders that have a handler', () => {
    expect(functionFolders(home)).toEqual(['greet', 'part'])
  })

  it('run, and hold only what is used', async () => {
    bundleFunctions(home, out, ['greet', 'part'])
    const loaded = (await import(join(out, 'greet/index.mjs'))) as { handler: () => Promise<string> }
    expect(await loaded.handler()).toBe('ahoy')
    expect(readFileSync(join(out, 'greet/index.mjs'), 'utf8')).not.toContain('never shipped')
    await import(join(out, 'part/index.mjs'))
  })

  it('are the same bytes wherever the repository lies, and whatever was there before', () => {
    mkdirSync(join(out, 'removed'), { recursive: true })
    const first = readFileSync(join(out, 'greet/index.mjs'))
    cpSync(home, join(scratch, 'elsewhere'), { recursive: true })
    bundleFunctions(join(scratch, 'elsewhere'), out, ['greet'])
    expect(readFileSync(join(out, 'greet/index.mjs')).equals(first)).toBe(true)
    expect(existsSync(join(out, 'removed'))).toBe(false)
    expect(first.toString()).not.toContain(scratch)
  })
})

describe('a fingerprint', () => {
  const { fingerprint } = compile(repository('f'))

  it('is that of the artifact, which is a module with the migration', async () => {
    const artifact = compile(repository('f'))
    shipArtifacts(join(scratch, 'ship'), [artifact])
    const loaded = (await import(join(scratch, 'ship/artifacts/m.mjs'))) as { default: { name: string } }
    expect(loaded.default.name).toBe('m')
    expect(artifact.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  })

  it('stays when comments, formatting, unused code or the place of the repository change', () => {
    const home = repository('g')
    const file = join(home, 'migrations/m/helper.ts')
    writeFileSync(
      file,
      '// Twice.\nexport const helper = (n: number): number =>\n    n * 2\nexport const other = () => 4\n',
    )
    expect(compile(home).fingerprint).toBe(fingerprint)
  })

  it.each([
    [
      'the mapping',
      (home: string) => repository(home, "row => row.name + ' from ' + reference.country"),
      'h1',
    ],
    [
      'reference data',
      (home: string) => edit(repository(home), 'reference.json', '{ "country": "BE" }'),
      'h2',
    ],
    [
      'what the mapping imports',
      (home: string) => edit(repository(home), 'helper.ts', 'export const helper = (n: number) => n * 3\n'),
      'h3',
    ],
  ])('changes with %s', (_what, change, name) => {
    expect(compile(change(name)).fingerprint).not.toBe(fingerprint)
  })

  it('changes with the version of the hash key, where the migration hashes', () => {
    const home = repository('k')
    expect(compile(home, described, 2).fingerprint).toBe(fingerprint)
    expect(compile(home, hashing, 2).fingerprint).not.toBe(compile(home, hashing, 1).fingerprint)
  })

  it('of the real migration is the same from another place', () => {
    const real = { ...described, name: 'cities', file: 'migrations/cities/migration.ts' }
    const home = join(scratch, 'real')
    for (const part of ['migrations', 'lambdas/shared', 'package.json']) {
      cpSync(join(root, part), join(home, part), { recursive: true })
    }
    // As `npm ci` would put them there; esbuild names modules by their real paths, and a bundle must not tell.
    symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'))
    expect(compile(home, real).fingerprint).toBe(compile(root, real).fingerprint)
  })
})

function edit(home: string, file: string, text: string): string {
  writeFileSync(join(home, 'migrations/m', file), text)
  return home
}
