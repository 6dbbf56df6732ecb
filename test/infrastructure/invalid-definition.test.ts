import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { context, root } from './synthesised.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockgate-synth-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** In place of `migrations/registry.ts`: the demo's migration with two mistakes. */
const registry = `
  import migration from '${new URL('../../migrations/cities/migration.ts', import.meta.url).href}'
  const [first, ...rest] = migration.segments
  const wrong = { ...first, source: { ...first.source, quote: first.source.delimiter }, dependsOn: ['nothing'] }
  export const migrations = [{ ...migration, segments: [wrong, ...rest] }]
`

const hook = `
  import { registerHooks } from 'node:module'
  registerHooks({
    load: (url, context, next) =>
      url.endsWith('/migrations/registry.ts')
        ? { format: 'module', shortCircuit: true, source: ${JSON.stringify(registry)} }
        : next(url, context),
  })
`

test('a registered migration with mistakes is not synthesised, and each mistake has a line', () => {
  const hooks = `data:text/javascript,${encodeURIComponent(hook)}`
  const { status, stderr } = spawnSync(process.execPath, ['--import', hooks, 'bin/lockgate.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context()) },
  })
  expect(status).not.toBe(0)
  expect(stderr).toContain('InvalidDefinition: registered migrations have mistakes:\n')
  const where = 'migrations/cities/migration.ts: segment cities'
  const lines = stderr.split('\n').filter((line) => line.includes(where))
  expect(lines).toEqual([
    expect.stringMatching(`^  ${where}: dependsOn: there is no segment nothing`),
    `  ${where}: source.quote: give a character other than the delimiter`,
  ])
})
