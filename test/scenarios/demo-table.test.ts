import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addLedgers, emptyLedger, imbalance, total } from '../../lambdas/shared/domain/ledger.ts'
import { localSystem, type LocalSystem } from '../../local/cli/local-system.ts'
import { startSystem } from '../../local/system.ts'
import { checkpointsOf } from '../support/checkpoints.ts'
import { runCommand, type Finished } from '../support/command.ts'
import { expectedPlaces, type ExpectedPlaces } from '../support/expected-places.ts'
import { expectedQuarantine } from '../support/expected-quarantine.ts'
import { leftBehind } from '../support/left-behind.ts'
import { PersonalValues } from '../support/personal-values.ts'
import { piiHash } from '../support/pii-hash.ts'
import { itemsOf, keyText, operatorOf, tableEndingWith, touchFirstItems } from '../support/places-table.ts'

/** The demo, as a user runs it; then everything that it left is looked at through the real SDK. */
const minutes = 60_000
const segments = ['cities', 'airports'] as const

let directory: string
let state: string
let finished: Finished
let touched: string[]
let system: LocalSystem
let expected: ExpectedPlaces
let dynamodb: DynamoDBClient
let s3: S3Client

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lockgate-demo-'))
  state = join(directory, 'state')
  const command = runCommand('demo', '--approve', '--state', state, '--json', join(directory, 'demo.json'))
  const over = new AbortController()
  const addition = addAttributes(await command.said(/AWS endpoint\s+(\S+)/), over.signal)
  finished = await command.finished
  over.abort()
  touched = await addition
  const started = await startSystem({
    ...{ stateDirectory: state, assemblyDirectory: join(state, 'cdk.out'), port: 0 },
  })
  expected = await expectedPlaces(await piiHash(started))
  system = localSystem(started)
  dynamodb = new DynamoDBClient(operatorOf(system.endpoint))
  s3 = new S3Client({ ...operatorOf(system.endpoint), forcePathStyle: true })
}, 8 * minutes)

afterAll(async () => {
  await system?.close()
  await rm(directory, { recursive: true, force: true })
})

async function addAttributes(endpoint: string, signal: AbortSignal): Promise<string[]> {
  const client = new DynamoDBClient(operatorOf(endpoint))
  return touchFirstItems(client, await tableEndingWith(client, 'places'), signal)
}

test('the run succeeds, and its report is as documented', async () => {
  expect(finished.output).toContain('The run has ended: succeeded.')
  expect(finished.code).toBe(0)
  const result = report.parse(JSON.parse(await readFile(join(directory, 'demo.json'), 'utf8')))
  expect(result.status).toBe('succeeded')
  expect(result.stages.map(({ segment, stage, verdict }) => `${segment} ${stage} ${verdict}`)).toEqual(
    ['rehearse', 'pilot', 'full'].flatMap((stage) => segments.map((segment) => `${segment} ${stage} pass`)),
  )
  for (const { segment, stage, seconds, recordsPerSecond } of result.stages) {
    console.log(`${segment} ${stage}: ${seconds.toFixed(1)} s, ${Math.round(recordsPerSecond)} records/s`)
  }
  for (const segment of segments) {
    const { extracted, mapped, filtered, quarantined } = expected[segment]
    const [rehearse, pilot, full] = result.stages.filter((stage) => stage.segment === segment)
    expect(rehearse?.ledger).toMatchObject({ extracted, mapped, filtered, quarantined, loaded: 0 })
    expect((pilot?.ledger.loaded ?? 0) + (full?.ledger.loaded ?? 0)).toBe(mapped)
    expect(pilot?.ledger.loaded).toBeGreaterThan(0)
  }
  for (const { reconciliation } of result.stages) {
    expect(reconciliation).toEqual({ missing: 0, unexpected: 0, different: 0 })
  }
  const functions = Object.entries(result.memoryMiB)
  for (const [name, peak] of functions) console.log(`${name}: ${peak} MiB`)
  expect(functions.map(([name]) => name)).toContain('lockgate-dev-load')
  expect(functions.filter(([, peak]) => peak > 256)).toEqual([])
})

test(
  'the table holds exactly the mapping of each accepted row, and what others added',
  async () => {
    const [wrong, seen, kept]: [unknown[], Set<string>, string[]] = [[], new Set(), []]
    for await (const item of itemsOf(dynamodb, await tableEndingWith(dynamodb, 'places'))) {
      const key = keyText(item)
      const { visits, ...owned } = item
      if (visits?.N === '7') kept.push(key)
      else if (visits !== undefined) wrong.push(item)
      if (!isEqual(owned, expected.items.get(key))) wrong.push({ owned, expected: expected.items.get(key) })
      seen.add(key)
    }
    expect(wrong.slice(0, 3)).toEqual([])
    expect([...expected.items.keys()].filter((key) => !seen.has(key)).slice(0, 3)).toEqual([])
    expect(seen.size).toBe(expected.items.size)
    expect(touched.length).toBeGreaterThan(0)
    expect(kept.toSorted()).toEqual(touched.toSorted())
  },
  3 * minutes,
)

describe.each(segments)('%s', (segment) => {
  test('each row broken on purpose is in quarantine, with its place, reason and field, and nothing else is', async () => {
    const found: Quarantined[] = []
    const prefix = `quarantine/cities/${segment}/`
    for await (const page of paginateListObjectsV2(
      { client: s3 },
      { Bucket: system.archiveBucket, Prefix: prefix },
    )) {
      for (const { Key } of page.Contents ?? []) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: system.archiveBucket, Key }))
        const text = zstdDecompressSync((await Body?.transformToByteArray()) ?? '').toString('utf8')
        for (const line of text.split('\n')) if (line !== '') found.push(quarantined.parse(JSON.parse(line)))
      }
    }
    const wanted = await expectedQuarantine(join(state, 'export', segment), segment)
    expect(wanted).toHaveLength(expected[segment].quarantined)
    expect(found.toSorted(byPlace)).toEqual(wanted.toSorted(byPlace))
  })

  test('the ledger of each batch adds up, and all of them to what the source has', async () => {
    let sum = emptyLedger
    const checkpoints = await checkpointsOf(dynamodb, segment)
    for (const { state: batchState, ledger } of checkpoints.values()) {
      expect(batchState).toBe('reconciled')
      expect(imbalance(ledger, true)).toBeUndefined()
      sum = addLedgers(sum, ledger)
    }
    const { extracted, mapped, filtered, quarantined } = expected[segment]
    const { conflicted, loaded, unchanged } = sum
    expect({ extracted: sum.extracted, mapped: sum.mapped }).toEqual({ extracted, mapped })
    expect({ filtered: total(sum.filtered), quarantined: total(sum.quarantined) }).toEqual({
      filtered,
      quarantined,
    })
    expect({ written: loaded + unchanged, conflicted }).toEqual({ written: mapped, conflicted: 0 })
  })
})

/** Where the guide says that values lie which are classified `mask`, `hash` or `drop`. */
const legitimate =
  /^(bucket lockgate-dev-source-|bucket lockgate-dev-staging (extracted|transformed)\/|bucket lockgate-dev-archive (quarantine|undo)\/|table lockgate-dev-target-places$)/

test(
  'personal values lie where the guide says, and in nothing else that the run has left',
  async () => {
    const values = new PersonalValues({
      cities: expected.cities.extracted,
      airports: expected.airports.extracted,
    })
    expect(values.size).toBeGreaterThan(99_000)
    const [found, leaks, looked]: [Set<string>, string[], Set<string>] = [new Set(), [], new Set()]
    const look = (place: string, text: string) => {
      looked.add(place.replace(/[/ ][^ ]*$/, ''))
      const seen = values.in(text)
      const where = legitimate.exec(place)?.[1]
      if (where !== undefined)
        for (const value of seen) found.add(`${where} ${value.replace(/^\d+$/, 'number')}`)
      else if (seen.length > 0) leaks.push(`${place}: ${seen.length} such as ${seen[0]}`)
    }
    look('output', finished.output)
    for await (const { place, text } of leftBehind({ system, state, s3, dynamodb })) look(place, text)
    expect(leaks.slice(0, 5)).toEqual([])
    // It sees what is there: all in the source, and of the broken rows in quarantine.
    const places = [...new Set([...found].map((one) => one.slice(0, one.lastIndexOf(' '))))]
    expect(places.toSorted()).toEqual([
      'bucket lockgate-dev-archive quarantine/',
      'bucket lockgate-dev-archive undo/',
      'bucket lockgate-dev-source-',
      'bucket lockgate-dev-staging extracted/',
      'bucket lockgate-dev-staging transformed/',
      'table lockgate-dev-target-places',
    ])
    // What is hashed or dropped is not in the target, nor in what is to be written to it.
    expect(
      [...found].filter((one) => /undo|transformed|target/.test(one) && one.endsWith(' number')),
    ).toEqual([])
    console.log(`${values.size} personal values looked for in ${looked.size} kinds of places`)
  },
  3 * minutes,
)

const count = z.int().nonnegative()
const report = z.strictObject({
  status: z.string(),
  requests: count,
  memoryMiB: z.record(z.string(), z.number().positive()),
  stages: z.array(
    z.strictObject({
      segment: z.string(),
      stage: z.string(),
      verdict: z.string(),
      ledger: z.strictObject({
        extracted: count,
        mapped: count,
        filtered: count,
        quarantined: count,
        loaded: count,
        unchanged: count,
        conflicted: count,
      }),
      reconciliation: z.strictObject({ missing: count, unexpected: count, different: count }),
      evidence: z.string().regex(/^[0-9a-f]{64}$/),
      seconds: z.number(),
      recordsPerSecond: z.number(),
    }),
  ),
})

const quarantined = z.object({
  object: z.string(),
  line: z.int(),
  byte: z.int(),
  raw: z.string(),
  reason: z.string(),
  field: z.string().optional(),
})
type Quarantined = z.infer<typeof quarantined>

interface Placed {
  readonly object: string
  readonly byte: number
}

const byPlace = (a: Placed, b: Placed) =>
  a.object === b.object ? a.byte - b.byte : a.object < b.object ? -1 : 1

function isEqual(a: object, b: object | undefined): boolean {
  return b !== undefined && canonical(a) === canonical(b)
}

const canonical = (item: object) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
