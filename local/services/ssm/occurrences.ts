import ICAL from 'ical.js'
import { UnsupportedCalendar } from './unsupported-calendar.ts'
import { timeOf, utc, wallOf, zoneOf, type Zone } from './zones.ts'

/** From `start` up to `end`, without `end` itself. */
export interface Interval {
  readonly start: number
  readonly end: number
}

export interface Surroundings {
  readonly calendar: ICAL.Component
  /** Where times stand that name no zone. */
  readonly floating: Zone
}

const day = 86_400_000
/** A rule that comes more often from its beginning until now is no calendar of people. */
const mostSteps = 200_000

/** A point in time as the calendar writes it. */
interface Written {
  readonly wall: number
  readonly zone: Zone
  readonly isDate: boolean
}

/** The times that an event takes place, but for its exceptions: a stream for each rule and each single date. */
export function occurrencesOf(
  event: ICAL.Component,
  overrides: readonly ICAL.Property[],
  around: Surroundings,
): Iterator<Interval>[] {
  const [start] = writtenIn(event.getFirstProperty('dtstart'), around)
  if (start === undefined) throw new UnsupportedCalendar('an event has no DTSTART')
  const endOf = endFinder(event, start, around)
  const isLeftOut = exceptionsOf([...event.getAllProperties('exdate'), ...overrides], around)
  const stream = function* (walls: Iterable<number>): Generator<Interval> {
    for (const wall of walls) {
      const at = start.zone.toInstant(wall)
      const interval = { start: at, end: endOf(wall, at) }
      if (interval.end > at && !isLeftOut(wall, at)) yield interval
    }
  }
  const rules = event.getAllProperties('rrule').map((rule) => ruleWalls(rule, start))
  const dates = event.getAllProperties('rdate').flatMap((dates) => {
    if (dates.getValues().some((value) => !(value instanceof ICAL.Time)))
      throw new UnsupportedCalendar('RDATE with a period is not supported')
    return writtenIn(dates, around).map((date) => start.zone.toWall(date.zone.toInstant(date.wall)))
  })
  return [...rules, ...[start.wall, ...dates].map((wall) => [wall])].map(stream)
}

function writtenIn(property: ICAL.Property | null, { calendar, floating }: Surroundings): Written[] {
  if (property === null) return []
  const id = property.getFirstParameter('tzid')
  const zone = id ? zoneOf(id, calendar) : floating
  return property.getValues().flatMap((value: unknown) => {
    if (!(value instanceof ICAL.Time)) return []
    const isUtc = value.zone === ICAL.Timezone.utcTimezone
    return [{ wall: wallOf(value), zone: isUtc ? utc : zone, isDate: value.isDate }]
  })
}

/** Whole days are days of the calendar, however long; anything else has the same length at each occurrence. */
function endFinder(event: ICAL.Component, start: Written, around: Surroundings) {
  const [end] = writtenIn(event.getFirstProperty('dtend'), around)
  const duration = event.getFirstPropertyValue('duration')
  if (end === undefined && duration instanceof ICAL.Duration) {
    const days = (duration.weeks * 7 + duration.days) * day
    const rest = (duration.hours * 3600 + duration.minutes * 60 + duration.seconds) * 1000
    return (wall: number) => start.zone.toInstant(wall + days) + rest
  }
  if (start.isDate) {
    const length = end === undefined ? day : end.wall - start.wall
    return (wall: number) => start.zone.toInstant(wall + length)
  }
  const length = end === undefined ? 0 : end.zone.toInstant(end.wall) - start.zone.toInstant(start.wall)
  return (_wall: number, at: number) => at + length
}

/** An exception is an instant, or a day on which nothing takes place. */
function exceptionsOf(properties: readonly ICAL.Property[], around: Surroundings) {
  const all = properties.flatMap((property) => writtenIn(property, around))
  const instants = new Set(all.filter(({ isDate }) => !isDate).map(({ wall, zone }) => zone.toInstant(wall)))
  const days = new Set(all.filter(({ isDate }) => isDate).map(({ wall }) => wall))
  return (wall: number, at: number) => instants.has(at) || days.has(wall - (((wall % day) + day) % day))
}

/** The rule is unrolled on the clock on the wall: eight o'clock stays eight o'clock when summer time begins. */
function* ruleWalls(property: ICAL.Property, start: Written): Generator<number> {
  const rule = property.getFirstValue()
  if (!(rule instanceof ICAL.Recur)) throw new UnsupportedCalendar('an RRULE cannot be read')
  const local = ICAL.Timezone.localTimezone
  const shown = rule.clone()
  if (rule.until) shown.until = timeOf(untilWall(rule.until, start), local, start.isDate)
  const walls = shown.iterator(timeOf(start.wall, local, start.isDate))
  for (let step = 0; step < mostSteps; step += 1) {
    const next = walls.next()
    if (next === null || next === undefined) return
    yield wallOf(next)
  }
  throw new UnsupportedCalendar(
    `an RRULE has more than ${mostSteps} occurrences until the time that is asked for`,
  )
}

/** UNTIL is in UTC where the event has a zone; a date is meant with all of its day. */
function untilWall(until: ICAL.Time, start: Written): number {
  if (until.isDate) return wallOf(until) + (start.isDate ? 0 : day - 1000)
  const isUtc = until.zone === ICAL.Timezone.utcTimezone
  return isUtc ? start.zone.toWall(wallOf(until)) : wallOf(until)
}
