import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, pilot, rehearse, s3Delimited } from '#lockgate'
import { StageWorld } from '../../support/stage-world.ts'

const migration = defineMigration({
  name: 'm',
  segments: [
    defineSegment({
      name: 'a',
      owner: 'tests',
      source: s3Delimited({ at: 'export', prefix: 'a/', record: z.object({ id: z.string() }) }),
      target: dynamoDb({ at: 'things', record: z.object({ pk: z.string() }), key: ['pk'], holds: 'empty' }),
      map: { pk: 'id' },
      stages: [rehearse(), pilot({ share: 0.3 }), full()],
      slicing: { batchBytes: 20, chunkRecords: 2 },
    }),
  ],
  gate: { quorum: { steward: 1 } },
})
const csv = (from: number, to: number) =>
  `id\n${Array.from({ length: to - from }, (_, i) => `id-${from + i}\n`).join('')}`

/** What happens to a source behind a run's back. */
const changes: Record<string, [change: (there: StageWorld) => void, said: string]> = {
  'an object is replaced': [
    (there) => there.sources.get('a')?.put('a/1.csv', csv(0, 21)),
    'a/1.csv was replaced',
  ],
  'an object is replaced by one of the same size': [
    (there) => there.sources.get('a')?.put('a/1.csv', csv(1, 10) + 'id-0\n' + csv(10, 20).slice(3)),
    'a/1.csv was replaced',
  ],
  'an object is added': [(there) => there.sources.get('a')?.put('a/3.csv', csv(40, 50)), 'a/3.csv is new'],
  'an object is deleted': [(there) => there.sources.get('a')?.remove('a/2.csv'), 'a/2.csv is gone'],
  'every object is deleted': [
    (there) => ['a/1.csv', 'a/2.csv'].forEach((key) => there.sources.get('a')?.remove(key)),
    'a/1.csv is gone, a/2.csv is gone',
  ],
}

let there: StageWorld
beforeEach(() => {
  there = new StageWorld(migration, { a: { 'a/1.csv': csv(0, 20), 'a/2.csv': csv(20, 40) } })
})

async function pass(stage: string): Promise<void> {
  expect(await there.begin('a', stage)).toMatchObject({ action: 'run' })
  await there.stage('a', stage)
  const record = await there.runs.stage('m', 'a', stage)
  if (!record) throw new Error(`${stage} has no record`)
  await there.runs.saveStage('m', { ...record, status: 'passed', verdict: 'pass' })
}

const states = () =>
  [...there.checkpoints.items].map(([, { batch, state, ledger }]) => ({ batch, state, ledger }))

describe.each(Object.entries(changes))('%s', (_, [change, said]) => {
  const refused = (remedy: string) => ({
    name: 'SourceChanged',
    message: expect.stringMatching(new RegExp(`${RegExp.escape(said)}\\. .*${remedy}`)) as unknown,
  })

  test('after all stages have passed: the next run is refused, and what is loaded stays', async () => {
    for (const stage of ['rehearse', 'pilot', 'full']) await pass(stage)
    const [before, target] = [states(), new Map(there.targets.get('a')?.records)]
    expect(target.size).toBe(40)
    change(there)
    await expect(there.begin('a', 'rehearse')).rejects.toMatchObject(refused('Put the planned objects back'))
    expect(states()).toEqual(before)
    expect(there.targets.get('a')?.records).toEqual(target)
    expect(await there.runs.stage('m', 'a', 'full')).toMatchObject({ status: 'passed' })
  })

  test('while a gate was open, with batches loaded: the next stage is refused', async () => {
    for (const stage of ['rehearse', 'pilot']) await pass(stage)
    change(there)
    await expect(there.begin('a', 'full')).rejects.toMatchObject(refused('Put the planned objects back'))
    // Nor can a definition that rehearses anew cut it into other batches.
    await expect(there.plan('a')).rejects.toMatchObject({
      name: said.startsWith('a/1.csv is gone') ? 'SourceMissing' : 'SourceChanged',
    })
  })

  test('before anything is loaded: the next stage is refused, and the next run plans anew', async () => {
    await pass('rehearse')
    change(there)
    await expect(there.begin('a', 'pilot')).rejects.toMatchObject(refused('start the migration again'))
    const again = await there.begin('a', 'rehearse')
    expect(again).toMatchObject({ action: 'run', why: expect.stringContaining('changed') as unknown })
    expect(await there.runs.stage('m', 'a', 'rehearse')).toMatchObject({ status: 'running' })
  })
})

test.each(['replaced', 'deleted'])(
  'an object that is %s between planning and extracting is refused, and the next run plans anew',
  async (how) => {
    const source = there.sources.get('a')
    if (!source) throw new Error('no source')
    const read = source.read.bind(source)
    let reads = 0
    // Some batches are extracted from what was planned, and then it is another.
    const interfering: typeof read = (...args) => {
      reads += 1
      if (reads === 6) source.remove('a/1.csv')
      if (reads === 6 && how === 'replaced') source.put('a/1.csv', csv(100, 121))
      return read(...args)
    }
    Object.assign(source, { read: interfering })
    await there.begin('a', 'rehearse')
    await expect(there.stage('a', 'rehearse')).rejects.toMatchObject({
      name: 'SourceChanged',
      message: expect.stringContaining('a/1.csv') as unknown,
    })
    const done = states().filter(({ state }) => state === 'transformed')
    expect(done.length).toBeGreaterThan(0)
    expect(there.targets.get('a')?.records.size).toBe(0)

    for (const stage of ['rehearse', 'pilot', 'full']) await pass(stage)
    expect(there.targets.get('a')?.records.size).toBe(how === 'replaced' ? 41 : 20)
    expect(states()).toEqual(expect.arrayContaining(done))
  },
)

test('a rehearsal whose gate is open is made anew when its source has changed', async () => {
  await there.begin('a', 'rehearse')
  await there.stage('a', 'rehearse')
  const record = await there.runs.stage('m', 'a', 'rehearse')
  if (!record) throw new Error('no record')
  await there.runs.saveStage('m', { ...record, status: 'held', verdict: 'pass', gate: 'g' })
  expect(await there.begin('a', 'rehearse')).toMatchObject({ action: 'gate', gate: 'g' })
  there.sources.get('a')?.put('a/1.csv', csv(0, 21))
  expect(await there.begin('a', 'rehearse')).toMatchObject({ action: 'run' })
})

test('objects that were put back as they were are as planned', async () => {
  for (const stage of ['rehearse', 'pilot']) await pass(stage)
  const source = there.sources.get('a')
  source?.put('a/1.csv', csv(0, 21))
  await expect(there.begin('a', 'full')).rejects.toMatchObject({ name: 'SourceChanged' })
  source?.put('a/1.csv', csv(0, 20))
  await pass('full')
  expect(await there.begin('a', 'full')).toMatchObject({ action: 'skip', why: 'it has passed already' })
  expect(there.targets.get('a')?.records.size).toBe(40)
})

test('an empty object that appears or goes is no change', async () => {
  await pass('rehearse')
  there.sources.get('a')?.put('a/_SUCCESS', '')
  expect(await there.begin('a', 'rehearse')).toMatchObject({ action: 'skip' })
})

test('what was done to an earlier plan counts for nothing in the next', async () => {
  await pass('rehearse')
  const record = await there.runs.stage('m', 'a', 'rehearse')
  if (!record) throw new Error('no record')
  await there.runs.saveStage('m', { ...record, stage: 'pilot' })
  expect(await there.begin('a', 'pilot')).toMatchObject({ action: 'skip', why: 'it has passed already' })
  there.sources.get('a')?.put('a/1.csv', csv(0, 21))
  await pass('rehearse')
  expect(await there.begin('a', 'pilot')).toMatchObject({ action: 'run' })
})

test.each([
  ['cut otherwise', { slicing: { batchBytes: 40, chunkRecords: 2 } }, 'a/1.csv'],
  [
    'found elsewhere',
    { source: s3Delimited({ at: 'export', prefix: 'b/', record: z.object({ id: z.string() }) }) },
    'b/1.csv',
  ],
])('a source that is %s once batches are loaded is a changed definition', async (_, change, key) => {
  for (const stage of ['rehearse', 'pilot']) await pass(stage)
  const [segment] = migration.segments
  if (!segment) throw new Error('no segment')
  const other = { ...migration, segments: [{ ...segment, ...change }] }
  const { runs, checkpoints, archive } = there
  const before = [await runs.stage('m', 'a', 'rehearse'), await runs.manifest('m', 'a'), states()]
  const redeployed = new StageWorld(other, { a: { [key]: csv(0, 20), [key.replace('1', '2')]: csv(20, 40) } })
  Object.assign(redeployed, { runs, checkpoints, archive })
  Object.assign(redeployed.run, { fingerprint: 'b'.repeat(64) })
  await expect(redeployed.begin('a', 'rehearse')).rejects.toMatchObject({ name: 'MappingChanged' })
  expect(await redeployed.begin('a', 'pilot')).toMatchObject({ action: 'skip' })
  await expect(redeployed.plan('a')).rejects.toMatchObject({ name: 'MappingChanged' })

  // And the earlier definition, deployed again, finds everything as it left it.
  expect([await runs.stage('m', 'a', 'rehearse'), await runs.manifest('m', 'a'), states()]).toEqual(before)
  expect(await there.begin('a', 'rehearse')).toMatchObject({ action: 'skip', why: 'it has passed already' })
  await pass('full')
})
