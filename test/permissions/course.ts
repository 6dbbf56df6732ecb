import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectedPlaces, type Item } from '../support/expected-places.ts'
import type { Operator } from '../support/operator.ts'
import { itemsOf, keyText, tableEndingWith } from '../support/places-table.ts'
import { writeSmallExport } from '../support/small-export.ts'

/** Two exports: `rough` has a ragged row and a key that occurs twice, `smooth` is as it should be. */
export async function writeExports(folder: string): Promise<void> {
  const rough = join(folder, 'rough')
  await writeSmallExport(rough, {
    cities: { files: 1, rowsPerFile: 8 },
    airports: { files: 1, rowsPerFile: 8 },
  })
  const file = join(rough, 'cities', 'part-1.csv')
  const row = (await readFile(file, 'utf8')).trimEnd().split('\n').at(-1)
  await appendFile(file, `${row}\nragged;row\n`)
  const part = { files: 3, rowsPerFile: 6 }
  await writeSmallExport(join(folder, 'smooth'), { cities: part, airports: part })
}

/** What is to be done, one after the other. */
export interface Act {
  readonly name: string
  readonly play: (operator: Operator, memory: Memory) => Promise<Memory>
}

/** What an act has to know of those before it. */
export interface Memory {
  readonly run: string
  readonly stage: string
}

/**
 * Runs that touch all that Lockgate touches: quarantine, duplicates, stages and runs that are stopped, redriven and taken
 * over, gates that are decided while nobody waits, batches that fail, a changed source, conflicts, the whole target.
 */
export function acts(exports: string): readonly Act[] {
  return [
    {
      name: 'a run of an unknown migration fails',
      play: async (operator, memory) => {
        await end(operator, await operator.run({ migration: 'atlantis' }), 'FAILED')
        return memory
      },
    },
    {
      name: 'a rough export is rehearsed twice, and held',
      play: async (operator, memory) => {
        operator.approve()
        await operator.send(join(exports, 'rough'))
        for (const _time of [1, 2]) await end(operator, await operator.run(), 'SUCCEEDED', held)
        return memory
      },
    },
    {
      name: 'the rehearsal of a smooth export is stopped',
      play: async (operator) => {
        await operator.send(join(exports, 'smooth'))
        const run = await operator.run()
        const stage = await operator.stageAtWork('cities')
        await operator.stop(stage)
        await end(operator, run, 'FAILED')
        return { run, stage }
      },
    },
    {
      name: 'stage and run are redriven; the run is aborted at its gate, which is decided by all three all the same',
      play: async (operator, memory) => {
        await operator.redrive(memory.stage)
        await end(operator, memory.stage, 'SUCCEEDED')
        await operator.redrive(memory.run)
        for (const address of quorum) await operator.mailTo(address, /\[pass\].* cities \/ rehearse$/)
        await operator.stop(memory.run)
        for (const address of quorum) await operator.decide(address)
        return memory
      },
    },
    {
      name: 'the next run takes the lock over, finds the gate decided, and is aborted in a stage',
      play: async (operator, memory) => {
        const run = await operator.run()
        const stage = await operator.stageAtWork('airports')
        await operator.stop(run)
        await end(operator, stage, 'ABORTED')
        return memory
      },
    },
    {
      name: 'what the archive has of the batches is gone: the pilot fails; it is put back, and the run redriven',
      play: async (operator, memory) => {
        operator.approve()
        const batches = await operator.takeFromArchive('manifests/cities/cities/', '/batches/')
        const run = await operator.run({ until: 'pilot' })
        await end(operator, run, 'FAILED')
        await operator.putIntoArchive(batches)
        await operator.redrive(run)
        await end(operator, run, 'SUCCEEDED', '"outcome":"complete"')
        return memory
      },
    },
    {
      name: 'another export stands in place of the one that is loaded in part, and is put back',
      play: async (operator, memory) => {
        await operator.send(join(exports, 'rough'))
        await end(operator, await operator.run(), 'FAILED')
        await operator.send(join(exports, 'smooth'))
        return memory
      },
    },
    {
      name: 'a record that somebody else has put there is a conflict: the full stage is held',
      play: async (operator, memory) => {
        operator.approve()
        await occupy(operator)
        await end(operator, await operator.run(), 'SUCCEEDED', held)
        return memory
      },
    },
  ]
}

const quorum = ['steward@example.com', 'qa@example.com', 'operations@example.com']
const held = '"outcome":"held"'

async function end(operator: Operator, arn: string, status: string, output = ''): Promise<void> {
  const ended = await operator.ended(arn)
  if (ended.status === status && (ended.output ?? '').includes(output)) return
  const { error, cause } = await operator.originOf(ended)
  throw new Error(`${arn} ended with ${ended.status}: ${error} ${cause} ${ended.output}`)
}

/** Puts an item of somebody else where the full stage will want to create a city. */
async function occupy({ clients: { dynamodb } }: Operator): Promise<void> {
  const TableName = await tableEndingWith(dynamodb, 'places')
  const there = new Set<string>()
  for await (const item of itemsOf(dynamodb, TableName)) there.add(keyText(item))
  const isFree = ([key, { kind, id }]: [string, Item]) =>
    !there.has(key) &&
    JSON.stringify(kind).includes('city') &&
    Number(JSON.stringify(id).replace(/\D/g, '')) <= 18
  const free = [...(await expectedPlaces((text) => text)).items].find(isFree)
  if (free === undefined) throw new Error('the pilot has loaded every city')
  const { pk, sk } = free[1]
  if (pk === undefined || sk === undefined) throw new Error(`${free[0]} has no key`)
  await dynamodb.send(new PutItemCommand({ TableName, Item: { pk, sk, name: { S: 'Atlantis' } } }))
}
