import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareState, readState, writeState } from '../../../local/cli/state-directory.ts'
import { UsageError } from '../../../local/cli/usage-error.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'lockgate-state-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a new or empty directory becomes a state directory', async () => {
  expect(await prepareState(directory, 'cities', true)).toBe('new')
  expect(await prepareState(join(directory, 'deep', 'down'), 'cities', false)).toBe('new')
  expect(await readState(directory)).toMatchObject({ migration: 'cities' })
})

test('a state directory is kept, or emptied when asked to', async () => {
  await writeState(directory, { migration: 'cities', executionArn: 'arn' })
  await writeFile(join(directory, 'something'), '')
  expect(await prepareState(directory, 'cities', false)).toBe('kept')
  expect((await readState(directory)).executionArn).toBe('arn')
  expect(await prepareState(directory, 'cities', true)).toBe('emptied')
  expect(await readdir(directory)).toEqual(['lockgate.json'])
})

test('any other directory is refused, and stays as it is', async () => {
  const file = join(directory, 'thesis.txt')
  await writeFile(file, 'years of work')
  await expect(prepareState(directory, 'cities', true)).rejects.toThrow(UsageError)
  expect(await readFile(file, 'utf8')).toBe('years of work')

  await writeFile(join(directory, 'lockgate.json'), '{"name":"something else"}')
  await expect(prepareState(directory, 'cities', true)).rejects.toThrow('cannot be read')
  expect(existsSync(file)).toBe(true)
})

test('the state of another migration is not used', async () => {
  await writeState(directory, { migration: 'orders' })
  await expect(prepareState(directory, 'cities', false)).rejects.toThrow('belongs to the migration orders')
})

test('a directory without a run says how to begin', async () => {
  await expect(readState(directory)).rejects.toThrow('Begin with the command start')
  await writeFile(join(directory, 'lockgate.json'), '{')
  await expect(readState(directory)).rejects.toThrow('is not JSON')
})
