import ICAL from 'ical.js'
import { occurrencesOf, type Interval } from './occurrences.ts'
import { UnsupportedCalendar } from './unsupported-calendar.ts'
import { utc, zoneOf } from './zones.ts'

/** A Change Calendar: closed during events and open otherwise, or the other way round. */
export interface Calendar {
  readonly isOpenByDefault: boolean
  /** Of each event, or each rule of it, the times it takes place: in order of their start, and endless perhaps. */
  readonly streams: () => Iterator<Interval>[]
}

/** Reads what Change Calendar stores. @throws UnsupportedCalendar for what would have to be ignored. */
export function readCalendar(text: string): Calendar {
  const calendar = parse(text)
  const type = calendar.getFirstPropertyValue('x-calendar-type')
  if (type !== 'DEFAULT_OPEN' && type !== 'DEFAULT_CLOSED') {
    throw new UnsupportedCalendar('X-CALENDAR-TYPE is neither DEFAULT_OPEN nor DEFAULT_CLOSED')
  }
  const named = calendar.getFirstPropertyValue('x-wr-timezone')
  const floating = typeof named === 'string' && named !== '' ? zoneOf(named, calendar) : utc
  const events = calendar.getAllSubcomponents('vevent').filter((event) => !isCancelled(event))
  for (const event of events) requireKnown(event)
  return {
    isOpenByDefault: type === 'DEFAULT_OPEN',
    streams: () =>
      events.flatMap((event) => occurrencesOf(event, overridesOf(event, calendar), { calendar, floating })),
  }
}

function parse(text: string): ICAL.Component {
  let parsed: unknown
  try {
    parsed = ICAL.parse(text)
  } catch (error) {
    throw Object.assign(new UnsupportedCalendar(`is no iCalendar text: ${String(error)}`), { cause: error })
  }
  if (!Array.isArray(parsed) || parsed[0] !== 'vcalendar') {
    throw new UnsupportedCalendar('is not a single VCALENDAR')
  }
  return new ICAL.Component(parsed)
}

const isCancelled = (event: ICAL.Component) => event.getFirstPropertyValue('status') === 'CANCELLED'

function requireKnown(event: ICAL.Component): void {
  const what = `event ${String(event.getFirstPropertyValue('uid'))}`
  const type = event.getFirstPropertyValue('x-event-type') ?? 'STANDARD'
  if (type !== 'STANDARD')
    throw new UnsupportedCalendar(`${what}: X-EVENT-TYPE ${String(type)} is not supported`)
  if (event.hasProperty('exrule')) throw new UnsupportedCalendar(`${what}: EXRULE is not supported`)
  if (event.getFirstProperty('recurrence-id')?.getFirstParameter('range')) {
    throw new UnsupportedCalendar(`${what}: RANGE of RECURRENCE-ID is not supported`)
  }
}

/** Occurrences of an event that the calendar says something else of: that they are moved, or cancelled. */
function overridesOf(event: ICAL.Component, calendar: ICAL.Component): ICAL.Property[] {
  if (event.hasProperty('recurrence-id')) return []
  const uid = event.getFirstPropertyValue('uid')
  return calendar
    .getAllSubcomponents('vevent')
    .filter((other) => other !== event && uid !== null && other.getFirstPropertyValue('uid') === uid)
    .flatMap((other) => other.getFirstProperty('recurrence-id') ?? [])
}
