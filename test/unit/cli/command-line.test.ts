import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommandLine } from '../../../local/cli/command-line.ts'
import { writeState } from '../../../local/cli/state-directory.ts'

async function run(...argv: string[]) {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const code = await runCommandLine(argv, (exitWith) => ({
    screen: { line: say, progress: () => undefined, endProgress: () => undefined },
    print: say,
    printError: say,
    exitWith,
    surroundings: () => {
      throw new Error('no run was to begin')
    },
  }))
  return { code, said: said.join('\n') }
}

test.each(['demo', 'start', 'resume', 'check-migration'])(
  '%s explains itself with examples and exit codes',
  async (command) => {
    const { code, said } = await run(command, '--help')
    expect(code).toBe(0)
    expect(said).toContain('Examples:')
    expect(said).toContain('Exit codes:')
  },
)

const wrong: [argv: string[], message: string][] = [
  [['paint'], "unknown command 'paint'"],
  [['start'], "missing required argument 'migration'"],
  [['start', 'nothing'], 'there is no migration nothing in migrations/registry.ts; there are: cities'],
  [['start', 'cities', '--source', 'cities'], '<segment>=<file or folder>'],
  [['start', 'cities', '--source', 'towns=.'], 'cities has no segment towns; it has cities, airports'],
  [['start', 'cities', '--source', 'cities=/no/such/path'], 'there is no file or folder /no/such/path'],
  [['start', 'cities', '--input', '{'], '{ is not JSON'],
  [['start', 'cities', '--input', '[1]'], '--input takes a JSON object'],
  [['start', 'cities', '--port', '99999'], 'a number between 0 and 65535'],
  [['start', 'cities', '--json', '/no/such/result.json'], 'There is no folder /no/such.'],
  [['demo', '--json', '/'], 'It is a folder.'],
  [['demo', '--faults', '1.1'], 'a number between 0 and 1'],
  [['demo', '--faults', '0.1', '--seed', 'x'], 'an integer'],
  [['demo', '--seed', '7'], '--seed says which faults there are, and needs --faults <share>'],
  [['demo', '--kill-after', '0'], 'a number of requests, at least 1'],
  // A test runs in the process group of whoever started it.
  [['demo', '--kill-after', '100'], 'It needs a process group of its own'],
  [['resume'], 'resume needs --state <dir>'],
  [['resume', '--state', '/no/such/path'], 'is not a state directory'],
  [['demo', '--colour'], "unknown option '--colour'"],
]
test('a directory in which nothing was started is not resumed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lockgate-resume-'))
  await writeState(directory, { migration: 'cities' })
  const { code, said } = await run('resume', '--state', directory)
  await rm(directory, { recursive: true })
  expect(said).toContain('begin again with start or demo')
  expect(code).toBe(2)
})

test.each(wrong)('%j ends with exit code 2 and says why', async (argv, message) => {
  const { code, said } = await run(...argv)
  expect(said).toContain(message)
  expect(code).toBe(2)
})
