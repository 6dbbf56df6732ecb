import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkpoint, type Checkpoint } from '../../../lambdas/shared/domain/checkpoint.ts'
import { startTables } from '../../../local/services/dynamodb/tables.ts'
import { ObjectIndex, openDatabase, type StoredObject } from '../../../local/services/s3/object-index.ts'
import { operatorOf } from '../places-table.ts'

export type Item = Readonly<Record<string, unknown>>

/** What lies in a state directory whose system is not running. Names of tables and buckets are their last words. */
export interface StateLeft {
  readonly tables: {
    readonly checkpoints: readonly Item[]
    readonly gates: readonly Item[]
    readonly log: readonly Item[]
    readonly places: readonly Item[]
  }
  /** By segment and batch. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>
  /** By bucket and key. */
  readonly objects: ReadonlyMap<string, StoredObject>
}

const place = { region: 'us-east-1', account: '000000000000' }

export async function stateLeft(stateDirectory: string): Promise<StateLeft> {
  const tables = await withTables(stateDirectory, async (client) => ({
    checkpoints: await scan(client, 'lockgate-dev-checkpoints'),
    gates: await scan(client, 'lockgate-dev-gates'),
    log: await scan(client, 'lockgate-dev-log'),
    places: await scan(client, 'lockgate-dev-target-places'),
  }))
  return { tables, checkpoints: checkpointsAmong(tables.checkpoints), objects: objectsIn(stateDirectory) }
}

/** Serves the tables of a state directory for as long as `act` takes. */
export async function withTables<T>(
  stateDirectory: string,
  act: (client: DynamoDBDocumentClient) => Promise<T>,
): Promise<T> {
  const onFailure = (error: Error) => {
    throw error
  }
  const served = { decide: () => undefined, onFailure, onServed: () => {} }
  const tables = await startTables({ stateDirectory, ...place, ...served })
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(operatorOf(tables.endpoint)))
  try {
    return await act(client)
  } finally {
    client.destroy()
    await tables.close()
  }
}

/** Checkpoints by segment and batch, as the tables have them now. */
export async function checkpointsNow(client: DynamoDBDocumentClient): Promise<Map<string, Checkpoint>> {
  return checkpointsAmong(await scan(client, 'lockgate-dev-checkpoints'))
}

async function scan(client: DynamoDBDocumentClient, TableName: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of paginateScan({ client }, { TableName })) items.push(...(page.Items ?? []))
  return items
}

function checkpointsAmong(items: readonly Item[]): Map<string, Checkpoint> {
  const own = items.filter(({ pk }) => String(pk).startsWith('CHECKPOINTS#'))
  const read = own.map(({ content }) => checkpoint.parse(content))
  return new Map(read.map((one) => [`${one.segment}/${one.batch}`, one]))
}

function objectsIn(stateDirectory: string): Map<string, StoredObject> {
  const index = new ObjectIndex(openDatabase(join(stateDirectory, 's3', 'index.db')))
  try {
    const all = index.buckets().flatMap(({ name }) => {
      const bucket = /^lockgate-dev-(\w+)/.exec(name)?.[1] ?? name
      return index.list(name, '', 100_000).map((object) => [`${bucket}/${object.key}`, object] as const)
    })
    return new Map(all)
  } finally {
    index.close()
  }
}

export async function textOf(stateDirectory: string, { file }: StoredObject): Promise<string> {
  return await readFile(join(stateDirectory, 's3', 'files', file), 'utf8')
}
