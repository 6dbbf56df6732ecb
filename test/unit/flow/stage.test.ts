import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, pilot, rehearse, s3Delimited } from '#lockgate'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { total } from '../../../lambdas/shared/domain/ledger.ts'
import { StageWorld } from '../../support/stage-world.ts'

const Row = z.object({ id: z.string(), name: z.string().min(1) })
const Thing = z.object({ pk: z.string(), sk: z.string(), name: z.string() })

const segment = (name: string, kind: string, dependsOn: string[] = []) =>
  defineSegment({
    name,
    owner: 'tests',
    dependsOn,
    source: s3Delimited({ at: 'export', prefix: `${name}/`, record: Row }),
    target: dynamoDb({
      ...{ at: 'things', record: Thing, key: ['pk', 'sk'], holds: 'empty' },
      scope: { attribute: 'sk', prefix: kind },
    }),
    map: { pk: (row) => `T#${row.id}`, sk: () => kind, name: 'name' },
    stages: [rehearse(), pilot({ share: 0.1 }), full()],
    slicing: { batchBytes: 60, chunkRecords: 2 },
  })

const migration = defineMigration({
  name: 'm',
  segments: [segment('a', 'A'), segment('b', 'B', ['a'])],
  gate: { quorum: { steward: 1 } },
})

const csv = (ids: readonly number[], name = (id: number) => `thing number ${id}`) =>
  `id,name\n${ids.map((id) => `${id},${name(id)}\n`).join('')}`
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

const world = (a: string, b = csv(range(0, 4)), more: Record<string, string> = {}) =>
  new StageWorld(migration, { a: { 'a/1.csv': a, ...more }, b: { 'b/1.csv': b } })

test('a segment goes through rehearse, pilot and full, and every batch is in one loading stage', async () => {
  const there = world(csv(range(0, 40)))
  const rehearsed = await there.stage('a', 'rehearse')
  expect(rehearsed).toMatchObject({ records: 40, ledger: { extracted: 40, mapped: 40, loaded: 0 } })
  expect(rehearsed.batches).toMatchObject({ failed: 0, unfinished: 0, done: rehearsed.batches.total })
  expect(rehearsed.batches.total).toBeGreaterThan(5)

  const piloted = await there.stage('a', 'pilot')
  const filled = await there.stage('a', 'full')
  expect(piloted.ledger.loaded).toBeGreaterThan(0)
  expect(piloted.ledger.loaded + filled.ledger.loaded).toBe(40)
  expect(piloted.batches.total + filled.batches.total).toBe(rehearsed.batches.total)
  expect(filled.reconciliation).toMatchObject({ unexpected: 0, wholeTarget: { counted: 40, explained: 40 } })
  expect(filled.rollout).toMatchObject({ batches: rehearsed.batches.total, records: 40 })
})

test('a key that occurs twice, within or across batches, is loaded for neither record, and the evidence says so', async () => {
  const there = world(csv([...range(0, 30), 3, 29, 3]))
  const rehearsed = await there.stage('a', 'rehearse')
  expect(rehearsed.ledger).toMatchObject({
    extracted: 33,
    mapped: 28,
    quarantined: { DuplicateTargetKey: 5 },
  })
  expect(rehearsed.quarantine.map(({ line, reason }) => ({ line, reason }))).toHaveLength(5)
  expect(rehearsed.quarantine.map(({ line }) => line).toSorted((x, y) => x - y)).toEqual([5, 31, 32, 33, 34])

  await there.stage('a', 'pilot')
  const filled = await there.stage('a', 'full')
  expect(filled.reconciliation).toMatchObject({
    missing: 0,
    unexpected: 0,
    wholeTarget: { counted: 28, explained: 28 },
  })
})

test('a key that two segments make is loaded for neither of them', async () => {
  // Scopes are checked to be apart before anything runs; the index is what is left, should that check ever fail.
  const overlapping = { ...migration, segments: [segment('a', 'A'), segment('b', 'A', ['a'])] }
  const contents = { a: { 'a/1.csv': csv(range(0, 20)) }, b: { 'b/1.csv': csv([50, 3, 51, 52]) } }
  const there = new StageWorld(overlapping, contents)
  expect((await there.stage('a', 'rehearse')).ledger.quarantined).toEqual({})
  expect((await there.stage('b', 'rehearse')).ledger.quarantined).toEqual({ DuplicateTargetKey: 1 })
  const piloted = await there.stage('a', 'pilot')
  const filled = await there.stage('a', 'full')
  expect(piloted.ledger.loaded + filled.ledger.loaded).toBe(19)
})

test('a record that the target refuses fails its batch, and the others go on', async () => {
  const there = world(csv(range(0, 40)))
  const { batches: all } = await there.stage('a', 'rehearse')
  await there.stage('a', 'pilot')
  const target = there.targets.get('a')!
  const refused = range(0, 40).find((id) => !target.get({ pk: `T#${id}`, sk: 'A' }))
  target.beforeWrite = ({ key }) => {
    if (key['pk'] === `T#${refused}`) throw new LockgateError('UnknownTargetError', 'no')
  }
  const { batches, failures, ledger } = await there.stage('a', 'full')
  expect(batches).toMatchObject({ failed: 1, unfinished: 0 })
  expect(batches.done + 1).toBeLessThan(all.total)
  expect(ledger.loaded).toBeGreaterThan(20)
  expect(failures).toEqual([expect.objectContaining({ error: 'UnknownTargetError' })])
})

test('what the source does not explain is unexpected, with its key', async () => {
  const there = world(csv(range(0, 20)))
  await there.stage('a', 'rehearse')
  await there.stage('a', 'pilot')
  const stranger = { pk: 'T#999', sk: 'A' }
  await there.targets
    .get('a')!
    .write([{ key: stranger, expected: undefined, after: { ...stranger, name: 'x' } }])
  const { reconciliation, differences } = await there.stage('a', 'full')
  expect(reconciliation).toMatchObject({ unexpected: 1, wholeTarget: { counted: 21, explained: 20 } })
  expect(differences).toEqual([
    expect.objectContaining({ kind: 'unexpected', key: expect.stringContaining('T#999') }),
  ])
})

test.each(['mask', 'hash'] as const)('an unexpected key that is classified %s is not shown', async (pii) => {
  const shown = segment('a', 'A')
  const pk = { from: (row: unknown) => `T#${Row.parse(row).id}`, pii }
  const classified = { ...migration, segments: [{ ...shown, map: { ...shown.map, pk } }] }
  const there = new StageWorld(classified, { a: { 'a/1.csv': csv(range(0, 20)) } })
  await there.stage('a', 'rehearse')
  await there.stage('a', 'pilot')
  const stranger = { pk: 'someone@example.com', sk: 'A' }
  await there.targets
    .get('a')!
    .write([{ key: stranger, expected: undefined, after: { ...stranger, name: 'x' } }])
  const { reconciliation, differences } = await there.stage('a', 'full')
  expect(reconciliation.unexpected).toBe(1)
  expect(differences).toEqual([{ kind: 'unexpected', key: '{"pk":"•••","sk":"A"}' }])
  const archived = [...there.archive.objects].filter(([key]) => /^(whole-target|summaries)/.test(key))
  expect(archived.length).toBeGreaterThan(1)
  for (const [key] of archived) expect(there.archive.text(key)).not.toContain('someone@')
})

test('a rehearsal that is repeated finds its work done', async () => {
  const there = world(csv([...range(0, 30), 3]))
  const first = await there.stage('a', 'rehearse')
  const before = [...there.staging.objects.keys()]
  const again = await there.stage('a', 'rehearse')
  expect(again).toEqual({ ...first, endedAt: again.endedAt })
  expect([...there.staging.objects.keys()]).toEqual(before)
})

test('a stage that is run again in a new run measures what was mended in the target by hand', async () => {
  const there = world(csv(range(0, 40)))
  await there.stage('a', 'rehearse')
  const target = there.targets.get('a')!
  const good = await there.stage('a', 'pilot')
  const [lost] = [...target.records]
  if (!lost) throw new Error('nothing was loaded')
  const at = { migration: 'm', segment: 'a', manifest: good.manifest }
  for await (const { reconciliation, ...checkpoint } of there.checkpoints.list(at)) {
    if (reconciliation && checkpoint.state === 'reconciled')
      there.checkpoints.seed({ ...at, batch: checkpoint.batch }, { ...checkpoint, state: 'loaded' })
  }
  target.records.delete(lost[0])
  expect((await there.stage('a', 'pilot')).reconciliation).toMatchObject({ missing: 1 })

  target.records.set(...lost)
  expect((await there.stage('a', 'pilot')).reconciliation).toMatchObject({ missing: 1 })
  Object.assign(there.run, { id: 'run-2', executionArn: 'arn:run-2', lockToken: 2 })
  there.runs.locks.set('m', { migration: 'm', token: 2, holders: ['arn:run-2'] })
  const again = await there.stage('a', 'pilot')
  expect(again.reconciliation).toMatchObject({
    missing: 0,
    different: 0,
    compared: good.reconciliation.compared,
  })
  expect(again.differences).toEqual([])
  expect(again.ledger).toEqual(good.ledger)
})

test('a gzip source is cut by what it unpacks to, not by its packed size', async () => {
  const text = csv(range(0, 20_000))
  const inBatches = { ...segment('a', 'A'), slicing: {} }
  const batches = async (contents: Record<string, string | Uint8Array>) => {
    const there = new StageWorld({ ...migration, segments: [inBatches] }, { a: contents })
    await there.plan('a')
    return (await there.runs.manifest('m', 'a'))?.batches ?? 0
  }
  const [plain, packed] = [
    await batches({ 'a/1.csv': text }),
    await batches({ 'a/1.csv.gz': gzipSync(text) }),
  ]
  expect(plain).toBeGreaterThan(40)
  expect(packed).toBeLessThan(2 * plain)
})

test('records that break the contract are counted and shown by place, never by value', async () => {
  const there = world(csv(range(0, 12), (id) => (id === 7 ? '' : 'top-secret')))
  const { ledger, quarantine } = await there.stage('a', 'rehearse')
  expect(total(ledger.quarantined)).toBe(1)
  expect(quarantine).toEqual([expect.objectContaining({ object: 'a/1.csv', line: 9, field: 'name' })])
  expect(JSON.stringify(quarantine)).not.toContain('top-secret')
})
