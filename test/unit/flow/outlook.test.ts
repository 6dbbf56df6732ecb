import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, pilot, rehearse, s3Delimited } from '#lockgate'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { partProfile } from '../../../lambdas/shared/domain/profile/profile.ts'
import { StageWorld } from '../../support/stage-world.ts'

const Row = z.object({ id: z.string(), name: z.string().min(1), kind: z.string() })
const migration = defineMigration({
  name: 'm',
  segments: [
    defineSegment({
      name: 'a',
      owner: 'tests',
      source: s3Delimited({ at: 'export', prefix: 'a/', record: Row }),
      target: dynamoDb({
        ...{ at: 'things', record: z.object({ pk: z.string(), name: z.string() }), key: ['pk'] },
        holds: 'empty',
      }),
      map: { pk: (row) => `T#${row.id}`, name: 'name' },
      stages: [rehearse(), pilot({ share: 0.1 }), full()],
      slicing: { batchBytes: 200, chunkRecords: 5 },
    }),
  ],
  gate: { quorum: { steward: 1 } },
})

const csv = (count: number, name: (i: number) => string, more = '') =>
  `id,name,kind${more}\n${Array.from({ length: count }, (_, i) => `${i},${name(i)},k${i % 3}${more}\n`).join('')}`
const ordinary = csv(200, (i) => `thing number ${i}`)
const open = (text: string) => new StageWorld(migration, { a: { 'a/1.csv': text } })

/** The next run of the same migration. */
function nextRun(world: StageWorld, fingerprint = world.run.fingerprint): void {
  const token = world.run.lockToken + 1
  Object.assign(world.run, { id: `run-${token}`, lockToken: token, fingerprint })
  world.runs.locks.set('m', { migration: 'm', token, holders: ['arn:run-1'] })
}

const kindsOf = ({
  anomalies = [],
}: {
  anomalies?: readonly { kind: string; subject: string }[] | undefined
}) => anomalies.map(({ kind, subject }) => `${kind} ${subject}`)

test('an ordinary run has no anomaly; rehearse forecasts each later stage, which says what came of it', async () => {
  const world = open(ordinary)
  const rehearsed = await world.stage('a', 'rehearse')
  const piloted = await world.stage('a', 'pilot')
  const filled = await world.stage('a', 'full')

  expect([rehearsed, piloted, filled].map(({ anomalies }) => anomalies)).toEqual([[], [], []])
  expect(rehearsed.forecast).toMatchObject({
    prices: 'November 2026',
    stages: [{ stage: 'pilot' }, { stage: 'full' }],
  })
  expect(rehearsed.forecast?.actual).toBeUndefined()
  expect(rehearsed.forecast?.stages.reduce((sum, { records }) => sum + records, 0)).toBe(200)

  for (const [summary, at] of [[piloted, 0] as const, [filled, 1] as const]) {
    const forecast = rehearsed.forecast?.stages[at]
    expect(summary.forecast?.stages).toEqual([forecast])
    expect(summary.forecast?.basis).toEqual(rehearsed.forecast?.basis)
    const { stage, records, parts = [] } = summary.forecast?.actual ?? {}
    expect([stage, records]).toEqual([summary.stage, summary.records])
    // What was foreseen was written and read: the same items, of the same size.
    const target = (of: typeof parts = []) => of.filter(({ what }) => what.startsWith('DynamoDB'))
    expect(target(parts)).toEqual(target(forecast?.parts))
  }
})

test('records that share a key are in the profile, and not in what will be written', async () => {
  const world = open(csv(200, (i) => `thing number ${i}`) + '3,again,k0\n')
  const { forecast } = await world.stage('a', 'rehearse')
  const writes = forecast?.stages.map(({ parts: [part] }) => part?.units ?? 0)
  expect(writes?.reduce((sum, units) => sum + units, 0)).toBe(199)
  expect(forecast?.basis?.[1]).toContain('199 items')
})

test('a rehearsal of another source is compared with the rehearsal before', async () => {
  const world = open(ordinary)
  await world.stage('a', 'rehearse')
  world.sources.get('a')?.put(
    'a/1.csv',
    csv(120, (i) => (i % 2 === 0 ? '' : `thing number ${i}`), ',sort'),
  )
  nextRun(world)
  const changed = await world.stage('a', 'rehearse')
  expect(kindsOf(changed)).toEqual([
    ...['columns sort', 'nulls name', 'volume records'],
    'new-reason SourceContract',
  ])
  // Measured again, it is compared with the same one: nothing is forgotten because it was looked at.
  nextRun(world)
  expect(kindsOf(await world.stage('a', 'rehearse'))).toEqual(kindsOf(changed))
})

test('a rehearsal whose batches all failed says nothing about the shape of the source', async () => {
  const world = open(ordinary)
  await world.stage('a', 'rehearse')
  nextRun(world, 'b'.repeat(64))
  const source = world.sources.get('a')
  if (!source) throw new Error('no source')
  source.read = () => {
    throw new LockgateError('LedgerMismatch', 'for the test')
  }
  const { batches, anomalies } = await world.stage('a', 'rehearse')
  expect(batches.failed).toBe(batches.total)
  expect(anomalies).toEqual([])
})

test('the same source under another definition shows nothing', async () => {
  const world = open(ordinary)
  await world.stage('a', 'rehearse')
  nextRun(world, 'b'.repeat(64))
  expect((await world.stage('a', 'rehearse')).anomalies).toEqual([])
})

test('what a stage that loads reads otherwise than rehearse did shows, batch by batch', async () => {
  const world = open(ordinary)
  const { manifest } = await world.stage('a', 'rehearse')
  await world.stage('a', 'pilot')
  const loaded = [...world.checkpoints.items.values()].filter(({ state }) => state === 'reconciled')
  const untouched = (key: string) => !loaded.some(({ batch }) => key.includes(`/${batch}/`))
  for (const [key, content] of [...world.archive.objects]) {
    if (!key.startsWith(`profiles/m/a/${manifest}/`) || !untouched(key)) continue
    const profile = partProfile.parse(JSON.parse(Buffer.from(content).toString()))
    const columns = profile.columns.map((column) =>
      column.name === 'name' ? { ...column, nulls: profile.records, types: {} } : column,
    )
    const anew = key.replace('/rehearse-', '/load-')
    world.archive.objects.set(anew, Buffer.from(JSON.stringify({ ...profile, columns })))
  }
  const { anomalies = [] } = await world.stage('a', 'full')
  expect(anomalies.map(({ sentence }) => sentence)).toContain(
    '“name” is null or empty in 100 % of the records, where rehearse saw 0 %.',
  )
})

test('a summary that is made again is the same', async () => {
  const world = open(ordinary)
  const first = await world.stage('a', 'rehearse')
  expect(await world.stage('a', 'rehearse')).toEqual(first)
})
