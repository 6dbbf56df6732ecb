import { S3Client } from '@aws-sdk/client-s3'
import { SFNClient } from '@aws-sdk/client-sfn'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import cities from '../../../migrations/cities/migration.ts'
import type { LocalSystem } from '../../../local/cli/local-system.ts'
import { executionArnOf, startUpon } from '../../../local/cli/start-execution.ts'
import { readState, writeState } from '../../../local/cli/state-directory.ts'

const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:lockgate-dev-migrate'

test('an execution has the machine of its version, and no version', () => {
  const execution = 'arn:aws:states:us-east-1:000000000000:execution:lockgate-dev-migrate:cities-1'
  expect(executionArnOf(`${machine}:3`, 'cities-1')).toBe(execution)
  expect(executionArnOf(machine, 'cities-1')).toBe(execution)
})

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-start-'))
  await mkdir(join(directory, 'source'))
  for (const name of ['1.csv', '2.csv']) await writeFile(join(directory, 'source', name), 'id\n')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a start that is cut off while it sends the sources begins with them again, and starts one execution', async () => {
  const stateDirectory = join(directory, 'state')
  const requests: string[] = []
  const client = (dies: boolean) => ({
    send: async ({ constructor: { name }, input }: { input: object; constructor: { name: string } }) => {
      const key = 'Key' in input ? ` ${String(input.Key)}` : ''
      requests.push(`${name}${key}`)
      if (dies && key.endsWith('2.csv')) throw new Error('cut off')
      return {}
    },
  })
  const clients = (dies: boolean) => ({
    s3: Object.assign(new S3Client({ region: 'us-east-1' }), client(dies)),
    states: Object.assign(new SFNClient({ region: 'us-east-1' }), client(dies)),
  })
  const system = { sourceBucket: () => 'bucket', stateMachineArn: machine } as unknown as LocalSystem
  const screen = { line: () => undefined, progress: () => undefined, endProgress: () => undefined }
  const start = { migration: 'cities', stateDirectory, input: { until: 'pilot' } }
  const sources = [{ segment: 'cities', path: join(directory, 'source') }]

  // As the command start does, before anything else.
  await writeState(stateDirectory, { migration: 'cities', input: start.input, sources })
  const cutOff = startUpon(sources, clients(true), system, cities, start, screen)
  await expect(cutOff).rejects.toThrow('cut off')
  const left = await readState(stateDirectory)
  expect(left).toEqual({
    lockgate: 'state directory',
    migration: 'cities',
    input: { until: 'pilot' },
    sources,
  })
  expect(requests.splice(0)).toEqual(['PutObjectCommand cities/1.csv', 'PutObjectCommand cities/2.csv'])

  // What resume does with it.
  const again = startUpon(left.sources ?? [], clients(false), system, cities, start, screen)
  const executionArn = await again
  const { sources: rest, ...started } = await readState(stateDirectory)
  expect(started).toMatchObject({ executionArn, input: { until: 'pilot' } })
  expect(rest).toBeUndefined()
  expect(requests.filter((name) => !name.startsWith('List'))).toEqual([
    'PutObjectCommand cities/1.csv',
    'PutObjectCommand cities/2.csv',
    'StartExecutionCommand',
  ])
})
