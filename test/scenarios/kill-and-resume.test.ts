import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { BatchState } from '../../lambdas/shared/contract/stages.ts'
import type { Checkpoint } from '../../lambdas/shared/domain/checkpoint.ts'
import { localSystem, type LocalSystem } from '../../local/cli/local-system.ts'
import { startSystem } from '../../local/system.ts'
import { checkpointsOf } from '../support/checkpoints.ts'
import { runCommand, type RunningCommand } from '../support/command.ts'
import { expectedPlaces, type Attribute, type Item } from '../support/expected-places.ts'
import { itemsOf, keyText, operatorOf, tableEndingWith } from '../support/places-table.ts'
import { writeSmallExport, type WrittenExport } from '../support/small-export.ts'

/** A run that is killed twice, in its rehearsal and in its load, and is resumed each time. */
const seed = Number(process.env['SEED'] ?? Date.now() % 10_000)
const random = randomFrom(seed)
const size = { cities: { files: 3, rowsPerFile: 1000 }, airports: { files: 2, rowsPerFile: 100 } } as const
/** A small source is divided into about 50. */
const fewestBatches = 45

let directory: string
let state: string
let command: RunningCommand
let system: LocalSystem | undefined

beforeAll(async () => {
  console.log(`SEED=${seed}`)
  directory = await mkdtemp(join(tmpdir(), 'lockgate-kill-'))
  state = join(directory, 'state')
})

afterAll(async () => {
  command?.kill()
  await system?.close()
  await rm(directory, { recursive: true, force: true })
})

test('a run that is killed twice ends with the whole table, and does no finished batch again', async () => {
  const { options, lastId } = await writeSmallExport(join(directory, 'export'), size)
  command = runCommand('start', 'cities', ...options, '--state', state, '--approve')
  await killWhen(['transformed'], 1 + Math.floor(random() * fewestBatches))

  command = resume()
  const finished = await killWhen(['reconciled'], 3 + Math.floor(random() * (fewestBatches - 5)))

  command = resume('--json', join(directory, 'result.json'))
  const { code, output } = await command.finished
  expect(output).toContain('The run has ended: succeeded.')
  expect(code).toBe(0)
  expect(command.isLeft()).toBe(false)
  const result = z
    .object({ status: z.string() })
    .parse(JSON.parse(await readFile(join(directory, 'result.json'), 'utf8')))
  expect(result.status).toBe('succeeded')

  system = localSystem(
    await startSystem({ stateDirectory: state, assemblyDirectory: join(state, 'cdk.out'), port: 0 }),
  )
  const dynamodb = new DynamoDBClient(operatorOf(system.endpoint))
  const after = await checkpointsOf(dynamodb, 'cities')
  expect([...after.values()].filter((one) => one.state !== 'reconciled')).toEqual([])
  expect(finished.size).toBeGreaterThan(0)
  for (const [batch, before] of finished) expect(after.get(batch)).toEqual(before)
  await compareTable(dynamodb, lastId)
})

/** The items of the rows that were sent, and no others. */
async function compareTable(dynamodb: DynamoDBClient, lastId: WrittenExport['lastId']): Promise<void> {
  const { items } = await expectedPlaces()
  const isSent = ({ kind, id }: Item) =>
    Number(valueOf(id)) <= lastId[valueOf(kind) === 'city' ? 'city' : 'airport']
  const wanted = new Map([...items].filter(([, item]) => isSent(item)))
  const found = new Map<string, object>()
  for await (const item of itemsOf(dynamodb, await tableEndingWith(dynamodb, 'places')))
    found.set(keyText(item), item)
  expect(found).toEqual(wanted)
}

const valueOf = (attribute?: Attribute) =>
  attribute === undefined ? '' : 'S' in attribute ? attribute.S : attribute.N

const resume = (...options: string[]) => runCommand('resume', '--state', state, '--approve', ...options)

/**
 * Kills the command, with all its processes, as soon as so many batches of cities are in one of these states. Answers
 * their checkpoints as they were a moment before.
 */
async function killWhen(states: readonly BatchState[], count: number): Promise<Map<string, Checkpoint>> {
  console.log(`to be killed when ${count} batches are ${states.join(' or ')}`)
  const dynamodb = new DynamoDBClient(operatorOf(await command.said(/AWS endpoint\s+(\S+)/)))
  for (;;) {
    const all = await checkpointsOf(dynamodb, 'cities')
    const there = new Map([...all].filter(([, one]) => states.includes(one.state)))
    if (there.size < count) {
      await sleep(20)
      continue
    }
    command.kill()
    const { code } = await command.finished
    expect(code).toBeNull()
    while (command.isLeft()) await sleep(10)
    console.log(`killed with ${there.size} ${states.join(' or ')}`)
    return there
  }
}

/** mulberry32 */
function randomFrom(start: number): () => number {
  let a = start
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
