import { beforeEach, expect, test } from 'vitest'
import { awaitWindow } from '../../../lambdas/await-window/await-window.ts'
import type { StageRecord } from '../../../lambdas/shared/domain/stage-record.ts'
import { looksPerExecution } from '../../../lambdas/shared/domain/window.ts'
import { FakeCalendars } from '../../support/fake-calendars.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { FakeNotifier } from '../../support/fake-notifier.ts'
import { FakeRunStore } from '../../support/fake-run-store.ts'

const run = {
  migration: 'm',
  id: 'run-1',
  executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:migrate:run-1',
  startedBy: 'a@example.com',
  startedAt: '2026-01-01T00:00:00.000Z',
  fingerprint: 'f'.repeat(64),
  lockToken: 1,
  concurrency: 4,
}
const at = { segment: 's', stage: 'pilot' }
const calendar = 'businessHours'
const window = { calendar, since: '2026-01-01T00:00:00.000Z', isTold: false }

let runs: FakeRunStore
let calendars: FakeCalendars
let notifier: FakeNotifier
const clock = new FakeClock()

const look = (checks = 0) =>
  awaitWindow({ run, ...at, calendar, checks }, { runs, calendars, notifier, clock })
const record = (more: Partial<StageRecord> = {}) =>
  runs.saveStage('m', {
    ...{ ...at, status: 'waiting', fingerprint: run.fingerprint, lockToken: 1, run: 'run-1', window },
    ...{ startedAt: run.startedAt },
    ...more,
  })
const recorded = () => runs.stage('m', 's', 'pilot')
const iso = (time: number) => new Date(time).toISOString()

beforeEach(async () => {
  runs = new FakeRunStore()
  calendars = new FakeCalendars()
  notifier = new FakeNotifier()
  await runs.takeLock('m', 'arn:run-1', undefined)
  await record()
})

test('an open calendar ends the wait, and nobody is told', async () => {
  calendars.states.set(calendar, { isOpen: true })
  expect(await look()).toMatchObject({ isOpen: true, isOver: true, checks: 1 })
  expect(notifier.operatorMails).toEqual([])
})

test('a closed one is waited for until it opens, and the record says until when', async () => {
  const opensAt = clock.now() + 90_500
  calendars.states.set(calendar, { isOpen: false, changesAt: opensAt })
  expect(await look()).toMatchObject({ isOver: false, waitSeconds: 91, opensAt: iso(opensAt), checks: 1 })
  expect(await recorded()).toMatchObject({
    status: 'waiting',
    window: { ...window, until: iso(opensAt), isTold: true },
  })
})

test('at most an hour at a time, as it can be edited; and so where it never opens', async () => {
  calendars.states.set(calendar, { isOpen: false, changesAt: clock.now() + 86_400_000 })
  expect(await look()).toMatchObject({ waitSeconds: 3600 })
  calendars.states.set(calendar, { isOpen: false })
  const looked = await look()
  expect(looked).toMatchObject({ isOver: false, waitSeconds: 3600 })
  expect(looked).not.toHaveProperty('opensAt')
  expect((await recorded())?.window).not.toHaveProperty('until')
})

test('a transition that lies in the past does not make it look without end', async () => {
  calendars.states.set(calendar, { isOpen: false, changesAt: clock.now() })
  expect(await look()).toMatchObject({ waitSeconds: 60 })
})

test('operators are told once, with the calendar and the time', async () => {
  const opensAt = clock.now() + 7_200_000
  calendars.states.set(calendar, { isOpen: false, changesAt: opensAt })
  await look()
  await look(1)
  expect(notifier.operatorMails).toHaveLength(1)
  const [mail] = notifier.operatorMails
  expect(mail?.subject).toBe('Lockgate m: s / pilot waits for calendar businessHours')
  expect(mail?.text).toContain(`Opens      ${iso(opensAt)}`)
  expect(mail?.text).toContain('execution:migrate:run-1')
})

test('a notice that could not be sent is sent at the next attempt', async () => {
  calendars.states.set(calendar, { isOpen: false })
  notifier.beforeMail = () => Promise.reject(new Error('SNS is not there'))
  await expect(look()).rejects.toThrow('SNS is not there')
  notifier.beforeMail = () => undefined
  await look()
  expect(notifier.operatorMails).toHaveLength(1)
  expect(notifier.operatorMails[0]?.text).toContain('never, as the calendar is now')
})

test('an execution ends before its history is full, and the run asks again', async () => {
  calendars.states.set(calendar, { isOpen: false })
  expect(await look(looksPerExecution - 2)).toMatchObject({ isOver: false })
  expect(await look(looksPerExecution - 1)).toMatchObject({ isOpen: false, isOver: true })
  // Nine events a look, of 25,000; an hour each.
  expect(looksPerExecution * 9).toBeLessThanOrEqual(25_000 * 0.75)
  expect(looksPerExecution / 24 / 7).toBeGreaterThan(11)
})

test('what another attempt has begun since stays as it is', async () => {
  calendars.states.set(calendar, { isOpen: false })
  await record({ status: 'running' })
  await look()
  expect(await recorded()).toMatchObject({ status: 'running', window })
  expect(notifier.operatorMails).toEqual([])
})

test('a run that has lost the lock waits no longer', async () => {
  calendars.states.set(calendar, { isOpen: false })
  runs.locks.set('m', { migration: 'm', token: 2, holders: ['arn:run-2'] })
  await expect(look()).rejects.toMatchObject({ name: 'LockLost' })
})
