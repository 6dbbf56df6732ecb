import { GetCalendarStateCommand } from '@aws-sdk/client-ssm'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ssmCalendars } from '../../lambdas/shared/adapters/ssm-calendars.ts'
import type { Calendars, CalendarState } from '../../lambdas/shared/ports/calendar.ts'
import { startCalendars } from '../support/calendar-server.ts'
import { FakeCalendars } from '../support/fake-calendars.ts'
import { event, icalendar } from '../unit/local/services/ssm/calendars.ts'

const ended: (() => Promise<void>)[] = []
afterEach(() => Promise.all(ended.splice(0).map((end) => end())))

const arnOf = (name: string) => `arn:aws:ssm:eu-west-1:111122223333:document/${name}`
const basic = (time: number) => new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '')

/** Calendars of which one, `hours`, is in this state. */
const worlds: Record<string, (state: CalendarState) => Promise<Calendars>> = {
  fake: async (state) => {
    const calendars = new FakeCalendars()
    calendars.states.set('hours', state)
    return calendars
  },
  'Change Calendar': async ({ isOpen, changesAt }) => {
    const until =
      changesAt === undefined ? [] : event('DTSTART:20200101T000000Z', `DTEND:${basic(changesAt)}`)
    // An event that goes on now makes the opposite of the default.
    const isDefaultOpen = changesAt === undefined ? isOpen : !isOpen
    const content = icalendar(isDefaultOpen ? 'DEFAULT_OPEN' : 'DEFAULT_CLOSED', ...until)
    const server = await startCalendars([{ name: 'hours', arn: arnOf('hours'), content }])
    ended.push(() => server.stop())
    return ssmCalendars(server.client, arnOf)
  },
}

describe.each(Object.entries(worlds))('%s', (_name, calendarsIn) => {
  const later = Math.ceil(Date.now() / 1000) * 1000 + 86_400_000

  test.each([
    { isOpen: true, changesAt: later },
    { isOpen: false, changesAt: later },
    { isOpen: true },
    { isOpen: false },
  ])('says %j', async (state) => {
    expect(await (await calendarsIn(state)).state('hours')).toEqual(state)
  })

  test('names a calendar that is not there', async () => {
    const calendars = await calendarsIn({ isOpen: true })
    await expect(calendars.state('gone')).rejects.toMatchObject({
      name: 'CalendarMissing',
      message: expect.stringContaining('gone'),
    })
  })
})

describe('Change Calendar on one machine', () => {
  test('names what it cannot read', async () => {
    const content = icalendar('DEFAULT_OPEN', ...event('DTSTART:20260101T000000Z', 'EXRULE:FREQ=DAILY'))
    const server = await startCalendars([{ name: 'odd', arn: arnOf('odd'), content }])
    ended.push(() => server.stop())
    await expect(ssmCalendars(server.client, arnOf).state('odd')).rejects.toMatchObject({
      name: 'CalendarUnsupported',
      message: expect.stringContaining('EXRULE is not supported'),
    })
  })

  test('takes names and ARNs, and answers as Systems Manager writes times', async () => {
    const content = icalendar('DEFAULT_CLOSED', ...event('DTSTART:20260310T100000Z', 'DURATION:PT2H'))
    const server = await startCalendars([{ name: 'hours', arn: arnOf('hours'), content }])
    ended.push(() => server.stop())
    for (const name of ['hours', arnOf('hours')]) {
      const command = new GetCalendarStateCommand({
        CalendarNames: [name],
        AtTime: '2026-03-10T12:30:00+02:00',
      })
      expect(await server.client.send(command)).toMatchObject({
        State: 'OPEN',
        AtTime: '2026-03-10T10:30:00Z',
        NextTransitionTime: '2026-03-10T12:00:00Z',
      })
    }
  })

  test('reads a file that stands for every calendar at each call', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lockgate-ics-'))
    ended.push(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'calendar.ics')
    const server = await startCalendars([], file)
    ended.push(() => server.stop())
    const calendars = ssmCalendars(server.client, arnOf)
    await writeFile(file, icalendar('DEFAULT_OPEN'))
    expect(await calendars.state('any')).toEqual({ isOpen: true })
    await writeFile(file, icalendar('DEFAULT_CLOSED'))
    expect(await calendars.state('any')).toEqual({ isOpen: false })
  })
})
