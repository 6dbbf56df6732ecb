import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Pack } from '../../../audit/pack.ts'
import { sha256 } from '../../../lambdas/shared/domain/digest.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lockgate-pack-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let packs = 0
const begun = () => Pack.begin(join(scratch, 'packs', String((packs += 1))))

test.each([
  '../outside',
  'a/../../outside',
  '/outside',
  'a//b',
  'a/',
  '',
  '.',
  'a\0b',
  'x'.repeat(256),
  'caf\u00e9/x',
])('a name that others chose stays in the folder: %j', async (name) => {
  const pack = await begun()
  const written = await pack.write(name, 'x')
  expect(written).toBe(`others/${sha256(name)}`)
  expect(readFileSync(join(pack.folder, written), 'utf8')).toBe('x')
  expect(existsSync(join(pack.folder, '..', 'outside'))).toBe(false)
  await pack.finish()
  expect(readFileSync(join(pack.folder, 'SHA256SUMS'), 'utf8')).toBe(`${sha256('x')}  ${written}\n`)
})

test('names of which one is the folder of the other are both there', async () => {
  const pack = await begun()
  expect(await pack.write('a/b.json', '1')).toBe('a/b.json')
  expect(await pack.write('a/b.json/c', '2')).toBe(`others/${sha256('a/b.json/c')}`)
  expect(await pack.write('d/e', '3')).toBe('d/e')
  expect(await pack.write('d', '4')).toBe(`others/${sha256('d')}`)
})
