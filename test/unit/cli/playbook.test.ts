import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommandLine } from '../../../local/cli/command-line.ts'
import { silent } from '../../support/operator.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockgate-playbook-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function run(...argv: string[]) {
  const said: string[] = []
  const print = (text: string) => void said.push(text)
  const code = await runCommandLine(argv, (exitWith) => ({
    ...{ screen: silent, print, printError: print, exitWith },
    surroundings: () => {
      throw new Error('a playbook starts nothing')
    },
  }))
  return { code, said: said.join('\n') }
}

test('prints the playbook, or writes it to a file', async () => {
  const printed = await run('playbook', 'cities')
  expect(printed).toMatchObject({ code: 0, said: expect.stringMatching(/^# Playbook: cities\n/) })
  const file = join(folder, 'playbook.md')
  expect(await run('playbook', 'cities', '--to', file)).toMatchObject({ code: 0 })
  expect(await readFile(file, 'utf8')).toBe(`${printed.said}\n`)
})

test('has the settings of the environment that is asked for', async () => {
  const { said } = await run('playbook', 'cities', '--environment', 'prod')
  expect(said).toContain('environment prod')
  expect(said).toContain('table name-of-your-table')
  expect(await run('playbook', 'cities', '--environment', 'nowhere')).toMatchObject({ code: 1 })
})

test('knows only migrations that are registered', async () => {
  expect(await run('playbook', 'atlantis')).toMatchObject({
    code: 2,
    said: expect.stringContaining('there is no migration atlantis'),
  })
})
