import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProblems } from '../../../local/cli/find-problems.ts'

const repository = resolve(import.meta.dirname, '../../..')
let root: string

/** A project of its own, over the code of this one; beside it, so that it finds the same packages. */
beforeEach(async () => {
  await mkdir(join(repository, '.build'), { recursive: true })
  root = await mkdtemp(join(repository, '.build', 'check-'))
  for (const name of ['lambdas', 'node_modules', 'tsconfig.json', 'package.json']) {
    await symlink(join(repository, name), join(root, name))
  }
  await mkdir(join(root, 'migrations', 'things'), { recursive: true })
  await writeFile(join(root, 'migrations', 'registry.ts'), 'export const migrations = []\n')
})
afterEach(() => rm(root, { recursive: true }))

const definition = (size: string, key = `['pk']`) => `import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, rehearse, s3Delimited } from '#lockgate'

const things = defineSegment({
  name: 'things',
  owner: 'tests',
  source: s3Delimited({
    at: 'export',
    prefix: 'things/',
    record: z.object({ id: z.string(), size: z.coerce.number() }),
  }),
  target: dynamoDb({
    at: 'things',
    record: z.object({ pk: z.string(), size: z.number(), note: z.string().optional() }),
    key: ${key},
  }),
  map: {
    pk: 'id',
    size: ${size},
    note: () => undefined,
  },
  stages: [rehearse(), full()],
})

export default defineMigration({ name: 'things', segments: [things], gate: { quorum: { steward: 1 } } })
`
const write = (text: string) => writeFile(join(root, 'migrations', 'things', 'migration.ts'), text)

test('a wrong type is told with file, line, segment and field', async () => {
  await write(definition(`'id'`))
  expect(await findProblems(root)).toEqual([
    {
      file: 'migrations/things/migration.ts',
      line: 19,
      segment: 'things',
      field: 'map.size',
      message: expect.stringContaining('(TS2322)') as string,
    },
  ])
}, 60_000)

test('what no compiler sees is told at its line too, and so is a migration that nobody registered', async () => {
  await write(definition(`'size'`, `['note']`))
  expect(await findProblems(root, 'things')).toEqual([
    {
      file: 'migrations/things/migration.ts',
      line: 15,
      segment: 'things',
      field: 'target.key',
      message: expect.stringContaining('note may be absent or null') as string,
    },
    {
      file: 'migrations/things/migration.ts',
      message: expect.stringContaining('migrations/registry.ts') as string,
    },
  ])
}, 60_000)

test('a folder without a migration, and a name without a folder', async () => {
  expect(await findProblems(root)).toEqual([
    { file: 'migrations/things/migration.ts', message: 'is missing; a migration is its default export' },
  ])
  await expect(findProblems(root, 'nothing')).rejects.toThrow(
    'no folder migrations/nothing. There are: things',
  )
}, 60_000)
