import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarState, combinedState } from '../../../../../local/services/ssm/calendar-state.ts'
import { readCalendar } from '../../../../../local/services/ssm/read-calendar.ts'
import { event, icalendar } from './calendars.ts'

type Kind = Parameters<typeof icalendar>[0]
const closedBut = (...lines: string[]) => readCalendar(icalendar('DEFAULT_CLOSED', ...lines))
const openBut = (...lines: string[]) => readCalendar(icalendar('DEFAULT_OPEN', ...lines))

/** The next changes from a time on, each as `time state`. */
function changes(calendar: ReturnType<typeof readCalendar>, from: string, count: number): string[] {
  const found: string[] = []
  for (let at = Date.parse(from); found.length < count;) {
    const { changesAt } = calendarState(calendar, at)
    if (changesAt === undefined) break
    if (changesAt <= at) throw new Error(`${changesAt} is no later time than ${at}`)
    const { isOpen } = calendarState(calendar, changesAt)
    found.push(`${new Date(changesAt).toISOString().slice(0, 16)} ${isOpen ? 'opens' : 'closes'}`)
    at = changesAt
  }
  return found
}

describe('types', () => {
  const once = event('DTSTART:20260310T100000Z', 'DTEND:20260310T120000Z')

  test('closed by default: open during events', () => {
    expect(changes(closedBut(...once), '2026-01-01T00:00Z', 9)).toEqual([
      '2026-03-10T10:00 opens',
      '2026-03-10T12:00 closes',
    ])
  })

  test('open by default: closed during events', () => {
    expect(changes(openBut(...once), '2026-01-01T00:00Z', 9)).toEqual([
      '2026-03-10T10:00 closes',
      '2026-03-10T12:00 opens',
    ])
  })

  test('without events nothing ever changes', () => {
    const placeholder = ['BEGIN:VTODO', 'UID:todo', 'SUMMARY:Add events to this calendar.', 'END:VTODO']
    expect(calendarState(closedBut(...placeholder), 0)).toEqual({ isOpen: false })
    expect(calendarState(openBut(...placeholder), 0)).toEqual({ isOpen: true })
  })

  test('an event begins with its first instant, and is over at its end', () => {
    const calendar = closedBut(...once)
    const isOpen = (at: string) => calendarState(calendar, Date.parse(at)).isOpen
    expect(isOpen('2026-03-10T09:59:59.999Z')).toBe(false)
    expect(isOpen('2026-03-10T10:00:00Z')).toBe(true)
    expect(isOpen('2026-03-10T11:59:59.999Z')).toBe(true)
    expect(isOpen('2026-03-10T12:00:00Z')).toBe(false)
  })
})

describe('recurrence', () => {
  const hours = event(
    'DTSTART;TZID=Europe/Berlin:20260302T080000',
    'DTEND;TZID=Europe/Berlin:20260302T180000',
    'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  )

  test('eight stays eight on the wall when summer time begins and ends', () => {
    expect(changes(closedBut(...hours), '2026-03-27T00:00Z', 4)).toEqual([
      '2026-03-27T07:00 opens',
      '2026-03-27T17:00 closes',
      // Summer time began on Sunday the 29th.
      '2026-03-30T06:00 opens',
      '2026-03-30T16:00 closes',
    ])
    expect(changes(closedBut(...hours), '2026-10-23T00:00Z', 4)).toEqual([
      '2026-10-23T06:00 opens',
      '2026-10-23T16:00 closes',
      '2026-10-26T07:00 opens',
      '2026-10-26T17:00 closes',
    ])
  })

  test('a night over which clocks change has as many hours as every other', () => {
    const night = event(
      'DTSTART;TZID=Europe/Berlin:20260327T220000',
      'DTEND;TZID=Europe/Berlin:20260328T060000',
      'RRULE:FREQ=DAILY;COUNT=2',
    )
    expect(changes(closedBut(...night), '2026-03-27T00:00Z', 9)).toEqual([
      '2026-03-27T21:00 opens',
      '2026-03-28T05:00 closes',
      '2026-03-28T21:00 opens',
      '2026-03-29T05:00 closes',
    ])
  })

  test('a time that clocks leave out counts by the offset before; one that they show twice is the first', () => {
    const at = (wall: string) =>
      changes(
        closedBut(...event(`DTSTART;TZID=Europe/Berlin:${wall}`, 'DURATION:PT15M')),
        '2026-01-01T00:00Z',
        1,
      )
    expect(at('20260329T023000')).toEqual(['2026-03-29T01:30 opens'])
    expect(at('20261025T023000')).toEqual(['2026-10-25T00:30 opens'])
  })

  test('exceptions, given as local time, as UTC, or as a day, are left out', () => {
    const with_ = (exception: string) => closedBut(...hours.slice(0, -1), exception, 'END:VEVENT')
    for (const exception of [
      'EXDATE;TZID=Europe/Berlin:20260303T080000',
      'EXDATE:20260303T070000Z',
      'EXDATE;VALUE=DATE:20260303',
    ]) {
      expect(changes(with_(exception), '2026-03-02T18:00Z', 1)).toEqual(['2026-03-04T07:00 opens'])
    }
  })

  test('an occurrence that is moved takes place where it was moved to, and one that is cancelled does not', () => {
    const of = (...lines: string[]) => event('UID:hours', ...lines)
    const [, ...rest] = hours
    const series = ['BEGIN:VEVENT', 'UID:hours', ...rest.filter((line) => !line.startsWith('UID:'))]
    const moved = of(
      'RECURRENCE-ID;TZID=Europe/Berlin:20260303T080000',
      'DTSTART;TZID=Europe/Berlin:20260303T100000',
      'DTEND;TZID=Europe/Berlin:20260303T110000',
    )
    const cancelled = of(
      'RECURRENCE-ID;TZID=Europe/Berlin:20260304T080000',
      'DTSTART;TZID=Europe/Berlin:20260304T080000',
      'STATUS:CANCELLED',
    )
    expect(changes(closedBut(...series, ...moved, ...cancelled), '2026-03-02T18:00Z', 3)).toEqual([
      '2026-03-03T09:00 opens',
      '2026-03-03T10:00 closes',
      '2026-03-05T07:00 opens',
    ])
  })

  test('UNTIL is inclusive, and in UTC for an event with a zone; COUNT counts', () => {
    const daily = (rule: string) =>
      closedBut(
        ...event(
          'DTSTART;TZID=America/New_York:20260701T090000',
          'DURATION:PT1H',
          `RRULE:FREQ=DAILY;${rule}`,
        ),
      )
    expect(changes(daily('UNTIL=20260703T130000Z'), '2026-07-01T00:00Z', 99)).toHaveLength(6)
    expect(changes(daily('UNTIL=20260703T125959Z'), '2026-07-01T00:00Z', 99)).toHaveLength(4)
    expect(changes(daily('COUNT=5'), '2026-07-01T00:00Z', 99)).toHaveLength(10)
  })

  test('further dates are added, with the length of the event', () => {
    const calendar = closedBut(
      ...event(
        'DTSTART:20260310T100000Z',
        'DTEND:20260310T110000Z',
        'RDATE:20260401T100000Z,20260501T100000Z',
      ),
    )
    expect(changes(calendar, '2026-03-11T00:00Z', 9)).toEqual([
      '2026-04-01T10:00 opens',
      '2026-04-01T11:00 closes',
      '2026-05-01T10:00 opens',
      '2026-05-01T11:00 closes',
    ])
  })

  test('the last Friday of a month, the first working day of a quarter', () => {
    const monthly = event('DTSTART:20260130T200000Z', 'DURATION:PT2H', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR')
    expect(changes(openBut(...monthly), '2026-02-01T00:00Z', 3)).toEqual([
      '2026-02-27T20:00 closes',
      '2026-02-27T22:00 opens',
      '2026-03-27T20:00 closes',
    ])
    const quarterly = event(
      'DTSTART:20260101T000000Z',
      'DURATION:PT24H',
      'RRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1',
    )
    expect(changes(openBut(...quarterly), '2026-01-10T00:00Z', 1)).toEqual(['2026-04-01T00:00 closes'])
  })
})

describe('whole days', () => {
  test('are days of the zone of the calendar, however long', () => {
    const calendar = openBut(
      'X-WR-TIMEZONE:Europe/Berlin',
      ...event('DTSTART;VALUE=DATE:20260329', 'DTEND;VALUE=DATE:20260330'),
    )
    expect(changes(calendar, '2026-03-01T00:00Z', 9)).toEqual([
      '2026-03-28T23:00 closes',
      // Twenty-three hours later.
      '2026-03-29T22:00 opens',
    ])
  })

  test('are one day where no end is given, and of UTC where no zone is', () => {
    const calendar = openBut(...event('DTSTART;VALUE=DATE:20261224', 'RRULE:FREQ=DAILY;COUNT=3'))
    expect(changes(calendar, '2026-12-01T00:00Z', 9)).toEqual([
      '2026-12-24T00:00 closes',
      '2026-12-27T00:00 opens',
    ])
  })
})

describe('several events', () => {
  test('that overlap or touch are one', () => {
    const span = (from: string, to: string) => event(`DTSTART:20260310T${from}00Z`, `DTEND:20260310T${to}00Z`)
    const calendar = openBut(
      ...span('1000', '1200'),
      ...span('1100', '1130'),
      ...span('1200', '1300'),
      ...span('1301', '1400'),
    )
    expect(changes(calendar, '2026-03-10T00:00Z', 9)).toEqual([
      '2026-03-10T10:00 closes',
      '2026-03-10T13:00 opens',
      '2026-03-10T13:01 closes',
      '2026-03-10T14:00 opens',
    ])
  })

  test('that follow one another without end never change', () => {
    const always = event('DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=DAILY')
    expect(calendarState(closedBut(...always), Date.parse('2026-03-10T12:00Z'))).toEqual({ isOpen: true })
  })

  test('several calendars are open together only', () => {
    const calendars = [
      closedBut(...event('DTSTART:20260310T100000Z', 'DTEND:20260310T140000Z')),
      openBut(...event('DTSTART:20260310T110000Z', 'DTEND:20260310T120000Z')),
    ]
    const at = (time: string) => combinedState(calendars, Date.parse(`2026-03-10T${time}Z`))
    const utc = (time: string) => Date.parse(`2026-03-10T${time}Z`)
    expect(at('09:00')).toEqual({ isOpen: false, changesAt: utc('10:00') })
    expect(at('10:00')).toEqual({ isOpen: true, changesAt: utc('11:00') })
    expect(at('11:30')).toEqual({ isOpen: false, changesAt: utc('12:00') })
    expect(at('14:00')).toEqual({ isOpen: false })
  })
})

describe('zones', () => {
  test('that nobody knows are read from their description', () => {
    const calendar = closedBut(
      ...['BEGIN:VTIMEZONE', 'TZID:Harbour Time'],
      ...['BEGIN:STANDARD', 'DTSTART:19701025T030000', 'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU'],
      ...['TZOFFSETFROM:+0330', 'TZOFFSETTO:+0230', 'END:STANDARD'],
      ...['BEGIN:DAYLIGHT', 'DTSTART:19700329T020000', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'],
      ...['TZOFFSETFROM:+0230', 'TZOFFSETTO:+0330', 'END:DAYLIGHT', 'END:VTIMEZONE'],
      ...event(
        'DTSTART;TZID=Harbour Time:20260301T080000',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;UNTIL=20260430T043000Z',
      ),
    )
    expect(changes(calendar, '2026-03-28T00:00Z', 3)).toEqual([
      '2026-03-28T05:30 opens',
      '2026-03-28T06:30 closes',
      '2026-03-29T04:30 opens',
    ])
    expect(changes(calendar, '2026-04-29T12:00Z', 9)).toEqual([
      '2026-04-30T04:30 opens',
      '2026-04-30T05:30 closes',
    ])
  })
})

describe('refused by name', () => {
  test.each([
    ['no calendar at all', 'something else', 'is no iCalendar text'],
    ['another type', icalendar('DEFAULT_OPEN').replace('DEFAULT_OPEN', 'OPEN'), 'X-CALENDAR-TYPE is neither'],
    [
      'an unknown zone',
      icalendar('DEFAULT_OPEN', ...event('DTSTART;TZID=Mars/Olympus:20260310T100000', 'DURATION:PT1H')),
      'time zone Mars/Olympus is neither known nor described',
    ],
    [
      'an advisory event',
      icalendar(
        'DEFAULT_OPEN',
        ...event('DTSTART:20260310T100000Z').map((line) => line.replace('STANDARD', 'ADVISORY')),
      ),
      'X-EVENT-TYPE ADVISORY is not supported',
    ],
    [
      'EXRULE',
      icalendar('DEFAULT_OPEN', ...event('DTSTART:20260310T100000Z', 'EXRULE:FREQ=DAILY')),
      'EXRULE is not',
    ],
    [
      'a change of all later occurrences',
      icalendar(
        'DEFAULT_OPEN',
        ...event('DTSTART:20260310T100000Z', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260310T100000Z'),
      ),
      'RANGE of RECURRENCE-ID',
    ],
  ])('%s', (_what, text, message) => {
    expect(() => calendarState(readCalendar(text), 0)).toThrow(message)
  })
})

describe('properties', () => {
  const start = Date.UTC(2026, 2, 1)
  const minutes = (count: number) =>
    new Date(start + count * 60_000).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const span = fc.record({
    from: fc.integer({ min: 0, max: 20_000 }),
    length: fc.integer({ min: 0, max: 3_000 }),
    rule: fc.constantFrom(
      '',
      'RRULE:FREQ=DAILY;COUNT=5',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,SA;COUNT=4',
      'RRULE:FREQ=HOURLY;INTERVAL=7;COUNT=9',
    ),
  })
  const calendars = fc
    .tuple(fc.constantFrom<Kind>('DEFAULT_OPEN', 'DEFAULT_CLOSED'), fc.array(span, { maxLength: 6 }))
    .map(([type, spans]) => {
      const events = spans.map(({ from, length, rule }) =>
        event(`DTSTART:${minutes(from)}`, `DTEND:${minutes(from + length)}`, ...(rule === '' ? [] : [rule])),
      )
      return readCalendar(icalendar(type, ...events.flat()))
    })

  test('the state changes at the transition that was named, and at no time before it', () => {
    fc.assert(
      fc.property(
        calendars,
        fc.integer({ min: 0, max: 30_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (calendar, minute, part) => {
          const at = start + minute * 60_000
          const now = calendarState(calendar, at)
          const before = (now.changesAt ?? at + 90 * 86_400_000) - 1
          const between = calendarState(calendar, at + Math.floor((before - at) * part))
          expect(between).toEqual(now)
          expect(calendarState(calendar, before).isOpen).toBe(now.isOpen)
          if (now.changesAt === undefined) return
          expect(now.changesAt).toBeGreaterThan(at)
          expect(calendarState(calendar, now.changesAt).isOpen).toBe(!now.isOpen)
        },
      ),
      { numRuns: 300 },
    )
  })
})
