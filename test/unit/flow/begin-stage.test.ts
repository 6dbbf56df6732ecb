import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, pilot, rehearse, s3Delimited } from '#lockgate'
import { beginStage } from '../../../lambdas/begin-stage/begin-stage.ts'
import type { MigrationOptions } from '../../../lambdas/shared/domain/definition/migration.ts'
import { findSegment } from '../../../lambdas/shared/domain/definition/find.ts'
import type { StageRecord } from '../../../lambdas/shared/domain/stage-record.ts'
import { FakeCalendars } from '../../support/fake-calendars.ts'
import { FakeCheckpointStore } from '../../support/fake-checkpoint-store.ts'
import { FakeGateStore } from '../../support/fake-gate-store.ts'
import { FakeObjectStore } from '../../support/fake-object-store.ts'
import { FakeRunStore } from '../../support/fake-run-store.ts'
import { fakeSource } from '../../support/fake-source.ts'

const segment = (name: string, dependsOn: string[] = []) =>
  defineSegment({
    name,
    owner: 'tests',
    dependsOn,
    source: s3Delimited({ at: 'export', prefix: `${name}/`, record: z.object({ id: z.string() }) }),
    target: dynamoDb({ at: 'things', record: z.object({ pk: z.string() }), key: ['pk'] }),
    map: { pk: 'id' },
    stages: [rehearse(), pilot({ share: 0.1 }), full()],
  })

const migration = defineMigration({
  name: 'm',
  segments: [segment('cities'), segment('airports', ['cities'])],
  gate: { quorum: { steward: 1 }, remindEvery: '2 hours' },
})
const fingerprint = 'f'.repeat(64)
const run = {
  migration: 'm',
  id: 'run-1',
  executionArn: 'arn:run-1',
  startedBy: 'a@example.com',
  startedAt: '2026-01-01T00:00:00.000Z',
  fingerprint,
  lockToken: 1,
  concurrency: 4,
}
const clock = { now: () => Date.UTC(2026, 0, 1), sleep: async () => {} }

const stores = {
  checkpoints: new FakeCheckpointStore(),
  archive: new FakeObjectStore(),
  gates: new FakeGateStore(),
}

let runs: FakeRunStore
const calendars = new FakeCalendars()
const begin = (segment: string, stage: string, definition = migration) =>
  beginStage(
    { run, segment, stage },
    {
      migrations: [definition],
      runs,
      clock,
      calendars,
      source: fakeSource(findSegment([migration], 'm', segment).source),
      ...stores,
    },
  )
const record = async (segment: string, stage: string, more: Partial<StageRecord>) =>
  runs.saveStage('m', {
    ...{
      segment,
      stage,
      status: 'passed',
      fingerprint,
      lockToken: 1,
      run: 'run-1',
      startedAt: run.startedAt,
    },
    ...more,
  })

beforeEach(async () => {
  runs = new FakeRunStore()
  await runs.takeLock('m', run.executionArn, undefined)
})

test('a rehearsal is run, and recorded as running', async () => {
  expect(await begin('cities', 'rehearse')).toMatchObject({
    action: 'run',
    plans: true,
    loads: false,
    remindSeconds: 7200,
  })
  expect(await runs.stage('m', 'cities', 'rehearse')).toMatchObject({ status: 'running', lockToken: 1 })
})

test('a stage that has passed is not done again', async () => {
  await record('cities', 'rehearse', {})
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'skip', why: 'it has passed already' })
})

test('no stage passes over one that has not passed, in its own segment or in one it depends on', async () => {
  await record('cities', 'rehearse', { status: 'repair' })
  expect(await begin('cities', 'pilot')).toMatchObject({
    action: 'skip',
    why: 'cities/rehearse has not passed',
  })
  await record('airports', 'rehearse', {})
  expect(await begin('airports', 'pilot')).toMatchObject({
    action: 'skip',
    why: 'cities/pilot has not passed',
  })
})

test('nothing is loaded before every rehearsal has passed, whoever depends on whom', async () => {
  await record('cities', 'rehearse', {})
  for (const status of ['repair', 'held', 'rollback', 'running'] as const) {
    await record('airports', 'rehearse', { status })
    expect(await begin('cities', 'pilot')).toMatchObject({
      action: 'skip',
      why: 'airports/rehearse has not passed',
    })
  }
  await record('airports', 'rehearse', { status: 'overridden' })
  expect(await begin('cities', 'pilot')).toMatchObject({ action: 'run' })
})

test('what passed under another definition has not passed under this one', async () => {
  await record('cities', 'rehearse', { fingerprint: 'e'.repeat(64) })
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'run' })
  await record('cities', 'rehearse', { fingerprint: 'e'.repeat(64) })
  expect(await begin('cities', 'pilot')).toMatchObject({ action: 'skip' })
})

test.each(['judged', 'held'] as const)('a stage that is %s goes back to its gate', async (status) => {
  await record('cities', 'rehearse', { status, gate: 'gate-1', verdict: 'pass' })
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'gate', gate: 'gate-1' })
})

test.each([
  ['judged', 'fail'],
  ['held', 'fail'],
  ['held', 'breach'],
] as const)('a stage that is %s with verdict %s is measured again', async (status, verdict) => {
  await record('cities', 'rehearse', { status, gate: 'gate-1', verdict })
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'run' })
  expect(await runs.stage('m', 'cities', 'rehearse')).toMatchObject({ status: 'running' })
})

test('a stage that was sent back is measured again in a new run', async () => {
  await record('cities', 'rehearse', { status: 'repair', gate: 'gate-1' })
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'run' })
})

test('an override lets what follows begin, and is not done again', async () => {
  await record('cities', 'rehearse', { status: 'overridden' })
  await record('airports', 'rehearse', {})
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'skip', why: 'it has passed already' })
  expect(await begin('cities', 'pilot')).toMatchObject({ action: 'run' })
})

test('a stage that is to be rolled back ends the rollout of its segment under this definition', async () => {
  await record('cities', 'rehearse', { status: 'rollback', gate: 'gate-1', verdict: 'pass' })
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'skip' })
  expect(await begin('cities', 'pilot')).toMatchObject({ action: 'skip' })
  expect(await runs.stage('m', 'cities', 'rehearse')).toMatchObject({ status: 'rollback' })
  await record('cities', 'rehearse', { status: 'rollback', fingerprint: 'e'.repeat(64) })
  expect(await begin('cities', 'rehearse')).toMatchObject({ action: 'run' })
})

test('without the lock nothing begins', async () => {
  runs.locks.set('m', { migration: 'm', token: 2, holders: ['arn:run-2'] })
  await expect(begin('cities', 'rehearse')).rejects.toMatchObject({ name: 'LockLost' })
})

describe('with a calendar', () => {
  const opensAt = Date.UTC(2026, 0, 2)
  const withCalendar = (calendar: NonNullable<MigrationOptions['calendar']>) =>
    defineMigration({ ...migration, calendar })
  const wait = { calendar: 'businessHours', since: '2026-01-01T00:00:00.000Z', isTold: false }

  beforeEach(() => {
    calendars.states.clear()
    calendars.asked.length = 0
  })

  test('that is closed, a stage waits, and says until when', async () => {
    calendars.states.set('businessHours', { isOpen: false, changesAt: opensAt })
    expect(await begin('cities', 'rehearse', withCalendar('businessHours'))).toMatchObject({
      action: 'wait',
      calendar: 'businessHours',
      why: 'calendar businessHours is closed until 2026-01-02T00:00:00.000Z',
    })
    expect(await runs.stage('m', 'cities', 'rehearse')).toMatchObject({
      status: 'waiting',
      window: { ...wait, until: '2026-01-02T00:00:00.000Z' },
    })
  })

  test('that is open, it starts without any wait', async () => {
    calendars.states.set('businessHours', { isOpen: true, changesAt: opensAt })
    expect(await begin('cities', 'rehearse', withCalendar('businessHours'))).toMatchObject({ action: 'run' })
    expect(await runs.stage('m', 'cities', 'rehearse')).not.toHaveProperty('window')
  })

  test('that has closed again after the wait, it goes on waiting, and keeps since when', async () => {
    await record('cities', 'rehearse', { status: 'waiting', window: { ...wait, isTold: true } })
    calendars.states.set('businessHours', { isOpen: false })
    expect(await begin('cities', 'rehearse', withCalendar('businessHours'))).toMatchObject({ action: 'wait' })
    expect(await runs.stage('m', 'cities', 'rehearse')).toMatchObject({ window: { ...wait, isTold: true } })
  })

  test('the record of the stage keeps how long it had waited, and another run waits anew', async () => {
    const window = { ...wait, since: '2025-12-31T00:00:00.000Z', isTold: true }
    calendars.states.set('businessHours', { isOpen: true })
    await record('cities', 'rehearse', { status: 'waiting', window })
    await begin('cities', 'rehearse', withCalendar('businessHours'))
    expect(await runs.stage('m', 'cities', 'rehearse')).toMatchObject({ status: 'running', window })
    calendars.states.set('businessHours', { isOpen: false })
    await record('cities', 'rehearse', { status: 'waiting', run: 'run-0', window })
    await begin('cities', 'rehearse', withCalendar('businessHours'))
    expect(await runs.stage('m', 'cities', 'rehearse')).toMatchObject({ window: wait })
  })

  test('only the stages wait that it names', async () => {
    calendars.states.set('businessHours', { isOpen: false })
    const definition = withCalendar({ at: 'businessHours', stages: ['pilot'] })
    expect(await begin('cities', 'rehearse', definition)).toMatchObject({ action: 'run' })
    for (const name of ['cities', 'airports']) await record(name, 'rehearse', {})
    expect(await begin('cities', 'pilot', definition)).toMatchObject({ action: 'wait' })
  })

  test('it is not asked where there is nothing to start', async () => {
    const definition = withCalendar('businessHours')
    await record('cities', 'rehearse', {})
    expect(await begin('cities', 'rehearse', definition)).toMatchObject({ action: 'skip' })
    expect(await begin('airports', 'pilot', definition)).toMatchObject({ action: 'skip' })
    await record('cities', 'rehearse', { status: 'judged', gate: 'gate-1', verdict: 'pass' })
    expect(await begin('cities', 'rehearse', definition)).toMatchObject({ action: 'gate' })
    expect(calendars.asked).toEqual([])
  })

  test('that is gone, nothing starts', async () => {
    const opening = begin('cities', 'rehearse', withCalendar('businessHours'))
    await expect(opening).rejects.toMatchObject({ name: 'CalendarMissing' })
    expect(await runs.stage('m', 'cities', 'rehearse')).toBeUndefined()
  })
})
