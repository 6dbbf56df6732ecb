import { ListTablesCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  GetObjectCommand,
  ListBucketsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { approvalLink } from '../../local/cli/answer-gate.ts'
import type { LocalSystem } from '../../local/cli/local-system.ts'
import { itemsOf } from './places-table.ts'

/** Something that a run has left, as text. */
export interface Piece {
  /** Where it is: `logs/…`, `bucket …`, `table …`, `page …`. */
  readonly place: string
  readonly text: string
}

export interface Where {
  readonly system: LocalSystem
  readonly state: string
  readonly s3: S3Client
  readonly dynamodb: DynamoDBClient
}

/** Logs with their metrics, executions with their inputs and outputs, mails and messages, as they lie in files. */
const folders = ['logs', 'executions', 'mailbox', 'messaging']

/** All that a run has left on a local system, whoever wrote it: in files, buckets and tables, and on its pages. */
export async function* leftBehind(where: Where): AsyncGenerator<Piece> {
  for (const folder of folders) yield* files(where.state, folder)
  yield* objects(where.s3)
  yield* items(where.dynamodb)
  yield* pages(where.system)
}

async function* files(state: string, folder: string): AsyncGenerator<Piece> {
  const found = await readdir(join(state, folder), { recursive: true, withFileTypes: true })
  for (const entry of found.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    yield { place: path.slice(state.length + 1), text: plain(await readFile(path)) }
  }
}

async function* objects(client: S3Client): AsyncGenerator<Piece> {
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}))
  for (const { Name: Bucket = '' } of Buckets) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
      for (const { Key = '' } of Contents) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
        const content = Buffer.from((await Body?.transformToByteArray()) ?? '')
        yield { place: `bucket ${Bucket.replace(/-\d{12}.*$/, '')} ${Key}`, text: plain(content) }
      }
    }
  }
}

async function* items(client: DynamoDBClient): AsyncGenerator<Piece> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  for (const table of TableNames)
    for await (const item of itemsOf(client, table))
      yield { place: `table ${table}`, text: JSON.stringify(item) }
}

/** Of every link that was sent. */
async function* pages(system: LocalSystem): AsyncGenerator<Piece> {
  for (const { text, subject } of system.mails()) {
    const link = approvalLink(text, system.approvalUrl)
    if (link !== undefined) yield { place: `page of ${subject}`, text: await (await fetch(link)).text() }
  }
}

/** Unpacked where it is packed. Latin-1 of UTF-8 does no harm to what is looked for. */
function plain(content: Buffer): string {
  const start = content.toString('hex', 0, 4)
  if (start === '28b52ffd') return zstdDecompressSync(content).toString('utf8')
  return (start.startsWith('1f8b') ? gunzipSync(content) : content).toString('utf8')
}
