import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, rehearse, s3Delimited } from '#lockgate'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { openRun } from '../../../lambdas/open-run/open-run.ts'
import type { ObjectStore } from '../../../lambdas/shared/ports/object-store.ts'
import { FakeCalendars } from '../../support/fake-calendars.ts'
import { FakeRunStore } from '../../support/fake-run-store.ts'

const migration = defineMigration({
  name: 'm',
  segments: [
    defineSegment({
      name: 's',
      owner: 'tests',
      source: s3Delimited({ at: 'export', prefix: 's/', record: z.object({ id: z.string() }) }),
      target: dynamoDb({ at: 'things', record: z.object({ pk: z.string() }), key: ['pk'] }),
      map: { pk: 'id' },
      stages: [rehearse(), full()],
    }),
  ],
  gate: { quorum: { steward: 1 } },
})

let runs: FakeRunStore
let calendars: FakeCalendars
let created: string[]
let running: Set<string>
let unconfirmed: string[]
let missing: Set<'source' | 'target' | 'indexes'>
let looked: string[]
let limits: { unreserved: number; load?: number }

beforeEach(() => {
  runs = new FakeRunStore()
  calendars = new FakeCalendars()
  created = []
  running = new Set()
  unconfirmed = []
  missing = new Set()
  looked = []
  limits = { unreserved: 1000 }
})

const place = (kind: 'source' | 'target') => () => ({
  check: async () => {
    looked.push(kind)
    if (missing.has(kind))
      throw new LockgateError(kind === 'source' ? 'SourceMissing' : 'TargetMissing', kind)
  },
  checkIndexes: async () => {
    looked.push('indexes')
    if (missing.has('indexes')) throw new LockgateError('IndexKeyMismatch', 'indexes')
  },
})

const archive = (): ObjectStore => ({
  bucket: 'archive',
  put: async () => {},
  create: async (key) => (created.includes(key) ? 'exists' : (created.push(key), 'created')),
  get: async () => undefined,
  list: async function* () {},
})

const open = (
  input: unknown,
  arn = 'arn:run-1',
  approvers: Record<string, string[]> = { steward: ['s@example.com'] },
  definition = migration,
) =>
  openRun(
    { input, execution: { arn, name: arn.slice(4), startedAt: '2026-01-01T00:00:00.000Z' } },
    {
      migrations: [definition],
      fingerprint: () => 'f'.repeat(64),
      approvers,
      concurrency: 20,
      batchFunctions: ['extract', 'load'],
      limits: {
        unreserved: async () => limits.unreserved,
        reserved: async (name) => (name === 'load' ? limits.load : undefined),
      },
      sourceOf: place('source'),
      targetOf: place('target'),
      runs,
      executions: { isRunning: async (arn) => running.has(arn), answer: async () => 'answered' },
      notifier: {
        toApprover: async () => {},
        toOperators: async () => {},
        unconfirmed: async () => unconfirmed,
      },
      calendars,
      archive: archive(),
      artifact: async () => new Uint8Array(),
    },
  )

const input = { migration: 'm', startedBy: 'you@example.com' }

test('refuses a gate whose roles are without anybody, or where somebody has two', async () => {
  const approvers = { steward: ['s@example.com'], qa: ['q@example.com'] }
  const quorum = { steward: 1, qa: 1 }
  const refused = async (
    gate: Partial<typeof migration.gate>,
    changes: Record<string, string[]> = {},
  ): Promise<unknown> => {
    const other = { ...migration, gate: { ...migration.gate, quorum, ...gate } }
    return open(input, 'arn:run-1', { ...approvers, ...changes }, other).catch((error: unknown) => error)
  }
  expect(await refused({ override: 'owner' })).toMatchObject({ name: 'ApproverMissing' })
  expect(await refused({ escalation: { after: '1 days', to: 'board' } })).toMatchObject({
    name: 'ApproverMissing',
  })
  expect(await refused({}, { qa: ['S@example.com'] })).toMatchObject({
    name: 'ApproverInTwoRoles',
    message: expect.stringMatching(/^S@example.com is steward and qa/) as string,
  })
  expect(await refused({ quorum: { steward: 2 } }, { steward: ['s@x.org', 'S@x.org'] })).toMatchObject({
    name: 'ApproverMissing',
  })
  expect(await refused({})).toMatchObject({ run: { id: 'run-1' } })
})

test('opens a run: lock taken, artifact stored by fingerprint, waves laid out', async () => {
  const { run, waves } = await open(input)
  expect(run).toMatchObject({ id: 'run-1', lockToken: 1, concurrency: 20, startedBy: 'you@example.com' })
  expect(waves.map(({ nodes }) => nodes.map(({ stage }) => stage))).toEqual([['rehearse'], ['full']])
  expect(created).toEqual([`artifacts/m/${'f'.repeat(64)}.mjs`])
})

test.each([
  [{}, 'migration'],
  [{ migration: 'm' }, 'startedBy'],
  [{ ...input, speed: 9 }, 'speed'],
  [{ ...input, startedBy: 'somebody' }, 'startedBy'],
  [{ ...input, concurrency: 0 }, 'concurrency'],
  ['m', 'input'],
])('refuses the input %j by name, with the field and an example', async (bad, field) => {
  const refusal = {
    name: 'InvalidInput',
    message: expect.stringMatching(new RegExp(`${field}[^]*you@example.com`)),
  }
  await expect(open(bad)).rejects.toMatchObject(refusal)
  expect(runs.locks.size).toBe(0)
})

test('refuses what is not registered', async () => {
  await expect(open({ ...input, migration: 'other' })).rejects.toMatchObject({ name: 'UnknownMigration' })
  await expect(open({ ...input, until: 'pilot' })).rejects.toMatchObject({ name: 'UnknownStage' })
})

test('refuses a gate that nobody could answer', async () => {
  await expect(open(input, 'arn:run-1', {})).rejects.toMatchObject({ name: 'ApproverMissing' })
  unconfirmed = ['s@example.com']
  await expect(open(input)).rejects.toMatchObject({
    name: 'SubscriptionNotConfirmed',
    message: expect.stringContaining('s@example.com'),
  })
  expect(runs.locks.size).toBe(0)
})

test('a calendar that is not there is missed before anything is done; one that is closed is no obstacle', async () => {
  const withCalendar = defineMigration({ ...migration, calendar: 'businessHours' })
  const opening = () => open(input, 'arn:run-1', { steward: ['s@example.com'] }, withCalendar)
  await expect(opening()).rejects.toMatchObject({ name: 'CalendarMissing' })
  expect([runs.locks.size, created]).toEqual([0, []])
  calendars.states.set('businessHours', { isOpen: false })
  expect((await opening()).run.lockToken).toBe(1)
  calendars.asked.length = 0
  await open(input)
  expect(calendars.asked).toEqual([])
})

test.each([
  ['source', 'SourceMissing'],
  ['target', 'TargetMissing'],
  ['indexes', 'IndexKeyMismatch'],
] as const)(
  '%s that a stage would miss, or would be refused by, are looked at before anything is done',
  async (kind, name) => {
    missing.add(kind)
    await expect(open(input)).rejects.toMatchObject({ name })
    expect([runs.locks.size, created]).toEqual([0, []])
  },
)

test('what has passed needs its source no more, nor another contract, and what is complete neither source nor target', async () => {
  const passed = async (stage: string, fingerprint = 'f'.repeat(64)) => {
    const record = { segment: 's', stage, status: 'passed' as const, fingerprint, lockToken: 1, run: 'run-0' }
    await runs.saveStage('m', { ...record, startedAt: '2026-01-01T00:00:00.000Z' })
    looked = []
    await open(input)
    return looked
  }
  expect(await passed('rehearse', 'e'.repeat(64))).toEqual(['target', 'indexes', 'source'])
  expect(await passed('rehearse')).toEqual(['target'])
  expect(await passed('full')).toEqual([])
})

test('more batches at once than Lambda allows are a warning, and no obstacle', async () => {
  expect((await open(input)).warnings).toEqual([])
  limits = { unreserved: 20, load: 19 }
  const { warnings, run } = await open(input)
  expect(run.lockToken).toBe(1)
  expect(warnings).toEqual([
    expect.stringMatching(/^up to 20 batches .* at most 19 at once of load: .*Lower "concurrency"/),
    expect.stringMatching(/at most 20 at once of everything in this account/),
  ])
  limits = { unreserved: 21, load: 20 }
  expect((await open(input)).warnings).toEqual([])
})

test('a second run is refused while the first, or a stage that it started, is under way', async () => {
  await open(input)
  await runs.joinLock('m', 1, 'arn:stage-1')
  running = new Set(['arn:stage-1'])
  await expect(open(input, 'arn:run-2')).rejects.toMatchObject({
    name: 'LockHeld',
    message: expect.stringContaining('arn:stage-1'),
  })
})

test('the lock of a run that has ended is taken over, with a higher token', async () => {
  await open(input)
  expect((await open(input, 'arn:run-2')).run.lockToken).toBe(2)
})

test('a retry of the same execution keeps its lock', async () => {
  await open(input)
  running = new Set(['arn:run-1'])
  expect((await open(input)).run.lockToken).toBe(1)
})
