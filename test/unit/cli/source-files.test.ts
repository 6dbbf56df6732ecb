import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listSourceFiles, parseSourceOption, segmentOf } from '../../../local/cli/source-files.ts'
import { valid } from '../definition/valid-migration.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'lockgate-source-'))))
afterEach(() => rm(directory, { recursive: true }))

test('--source names a segment and a path, which may hold an equals sign', () => {
  expect(parseSourceOption('things=./a=b')).toEqual({ segment: 'things', path: './a=b' })
  for (const wrong of ['things', '=path', 'things=']) {
    expect(() => parseSourceOption(wrong)).toThrow('<segment>=<file or folder>')
  }
  expect(() => segmentOf(valid, { segment: 'thing', path: '.' })).toThrow('it has things, parts')
})

test('a folder gives all its files, with keys as deep as they are; hidden ones are left out', async () => {
  await mkdir(join(directory, 'deep'))
  await writeFile(join(directory, 'b.csv'), 'bb')
  await writeFile(join(directory, 'deep', 'a.csv'), 'a')
  await writeFile(join(directory, '.DS_Store'), '')
  expect(await listSourceFiles(directory, 'things/')).toEqual([
    { path: join(directory, 'b.csv'), key: 'things/b.csv', bytes: 2 },
    { path: join(directory, 'deep', 'a.csv'), key: 'things/deep/a.csv', bytes: 1 },
  ])
})

test('a file gives itself', async () => {
  await writeFile(join(directory, 'b.csv'), 'bb')
  const files = await listSourceFiles(join(directory, 'b.csv'), 'things/')
  expect(files.map(({ key }) => key)).toEqual(['things/b.csv'])
})

test('what is not there, or empty, is told', async () => {
  await expect(listSourceFiles(join(directory, 'nothing'), 'things/')).rejects.toThrow(
    'there is no file or folder',
  )
  await expect(listSourceFiles(directory, 'things/')).rejects.toThrow('has no files')
})
