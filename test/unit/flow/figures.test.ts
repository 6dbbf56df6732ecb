import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  atLeast,
  atMost,
  controlSum,
  defineMigration,
  defineSegment,
  dynamoDb,
  full,
  pilot,
  rehearse,
  s3Delimited,
} from '#lockgate'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { judgeSummary } from '../../../lambdas/shared/domain/criteria/judge-summary.ts'
import { StageWorld } from '../../support/stage-world.ts'

const Row = z.object({ id: z.string(), kind: z.string(), size: z.coerce.number() })
const Thing = z.object({ pk: z.string(), kind: z.string(), size: z.number() })
const controlSums = { 'size by kind': controlSum('size', { by: 'kind' }) } as const

const migration = defineMigration({
  name: 'm',
  segments: [
    defineSegment({
      name: 'a',
      owner: 'tests',
      source: s3Delimited({ at: 'export', prefix: 'a/', record: Row }),
      target: dynamoDb({ at: 'things', record: Thing, key: ['pk'], holds: 'empty' }),
      map: { pk: (row) => `T#${row.id}`, kind: 'kind', size: 'size' },
      criteria: { controlSums },
      stages: [rehearse(), pilot({ share: 0.3 }), full()],
      slicing: { batchBytes: 60, chunkRecords: 2 },
    }),
  ],
  gate: { quorum: { steward: 1 } },
})

const rows = (count: number, kinds: number) =>
  `id,kind,size\n${Array.from({ length: count }, (_, id) => `${id},k${id % kinds},${id}.5\n`).join('')}`

const world = (source: string) => new StageWorld(migration, { a: { 'a/1.csv': source } })
const offOf = (summary: Parameters<typeof judgeSummary>[0]) =>
  judgeSummary(summary, 'pilot', { controlSums }).criteria.find(({ figure }) =>
    figure.startsWith('controlSums'),
  )

test('control sums and times are of the batches of a stage, put together', async () => {
  const there = world(rows(40, 3))
  const rehearsed = await there.stage('a', 'rehearse')
  expect(rehearsed.controlSums).toBeUndefined()
  expect(rehearsed.batchSeconds).toBeDefined()

  const piloted = await there.stage('a', 'pilot')
  const filled = await there.stage('a', 'full')
  const [own, rest] = [piloted.controlSums?.[0], filled.controlSums?.[0]]
  expect(own).toMatchObject({ name: 'size by kind', field: 'size', by: 'kind', groups: 3, off: 0 })
  expect(own?.expected.count).toBe(piloted.reconciliation.compared)
  expect(Number(own?.actual.sum) + Number(rest?.actual.sum)).toBe((39 * 40) / 2 + 40 * 0.5)
  expect(offOf(piloted)).toMatchObject({ actual: 0, verdict: 'pass' })
})

test('a value that was changed in the target puts its group off', async () => {
  const there = world(rows(40, 3))
  await there.stage('a', 'rehearse')
  const target = there.targets.get('a')!
  const write = target.write.bind(target)
  target.write = (writes, signal) =>
    write(
      writes.map((one) => ({ ...one, after: { ...one.after, size: Number(one.after['size']) + 1 } })),
      signal,
    )
  const piloted = await there.stage('a', 'pilot')
  expect(piloted.controlSums?.[0]?.off).toBeGreaterThan(0)
  expect(offOf(piloted)).toMatchObject({ verdict: 'fail' })
})

test('groups that are too many over all batches end the rehearsal, by name', async () => {
  const there = world(rows(1001, 2000))
  await expect(there.stage('a', 'rehearse')).rejects.toMatchObject({ name: 'TooManyGroups' })
})

test('a batch that failed in load is a failed batch, and no gap in the ledger', async () => {
  const there = world(rows(40, 3))
  await there.stage('a', 'rehearse')
  const target = there.targets.get('a')!
  const write = target.write.bind(target)
  target.write = async (writes, signal) => {
    if (writes.some(({ key }) => key['pk'] === 'T#7')) throw new LockgateError('ItemTooLarge', 'too large')
    return write(writes, signal)
  }
  const summary = await there.stage('a', 'pilot')
  expect(summary.batches.failed).toBe(1)
  expect(summary.openEnds).toEqual({ unsorted: 0, unwritten: expect.any(Number) as number })
  expect(summary.openEnds?.unwritten).toBe(summary.ledger.mapped - summary.ledger.loaded)
  expect(summary.openEnds?.unwritten).toBeGreaterThan(0)
  const lenient = { failedBatches: atMost(1), completeness: atLeast(0.5), errorRate: atMost(0.5) }
  expect(judgeSummary(summary, 'pilot', lenient)).toMatchObject({ verdict: 'pass' })
  const lost = { ...summary, ledger: { ...summary.ledger, loaded: summary.ledger.loaded - 1 } }
  expect(judgeSummary(lost, 'pilot', lenient).criteria).toContainEqual(
    expect.objectContaining({ figure: 'ledgerGap', actual: 1, verdict: 'fail' }),
  )
})

test('a rehearsal made again counts what was loaded meanwhile as rehearsed, and writes none of it down', async () => {
  const there = world(rows(40, 3))
  await there.stage('a', 'rehearse')
  await there.stage('a', 'pilot')
  const again = await there.stage('a', 'rehearse')
  expect(again.ledger).toMatchObject({ mapped: 40, loaded: 0, unchanged: 0 })
  expect(again.batches).toMatchObject({ unfinished: 0, failed: 0 })
  expect(judgeSummary(again, 'rehearse', {}).verdict).toBe('pass')
})
