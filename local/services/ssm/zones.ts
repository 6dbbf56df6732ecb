import ICAL from 'ical.js'
import { UnsupportedCalendar } from './unsupported-calendar.ts'

const day = 86_400_000

/**
 * Between instants and what clocks on the wall show. Wall time is milliseconds too: those of the instant at which a clock
 * in UTC shows the same.
 */
export interface Zone {
  toInstant(wall: number): number
  toWall(instant: number): number
}

export const utc: Zone = { toInstant: (wall) => wall, toWall: (instant) => instant }

/** A zone of the IANA database, or one that the calendar itself describes. @throws UnsupportedCalendar. */
export function zoneOf(id: string, calendar: ICAL.Component): Zone {
  const known = ianaZone(id)
  if (known !== undefined) return known
  const described = calendar
    .getAllSubcomponents('vtimezone')
    .find((one) => one.getFirstPropertyValue('tzid') === id)
  if (described !== undefined) return describedZone(new ICAL.Timezone(described))
  throw new UnsupportedCalendar(`time zone ${id} is neither known nor described by a VTIMEZONE`)
}

function ianaZone(timeZone: string): Zone | undefined {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, era: 'short', ...fields, ...clock })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  const toWall = (instant: number): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value)
    const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, date, hour, minute, second)
  }
  return { toWall, toInstant: (wall) => instantOf(wall, toWall) }
}

/**
 * RFC 5545, 3.3.5: a time that clocks show twice is the first of the two; one that they leave out counts by the offset
 * before the gap.
 */
function instantOf(wall: number, toWall: Zone['toWall']): number {
  const offsetAt = (instant: number) => toWall(instant) - instant
  const before = wall - offsetAt(wall - day)
  const after = wall - offsetAt(wall + day)
  return toWall(before) !== wall && toWall(after) === wall ? after : before
}

function describedZone(zone: ICAL.Timezone): Zone {
  const utcZone = ICAL.Timezone.utcTimezone
  return {
    toInstant: (wall) => wall - zone.utcOffset(timeOf(wall, zone)) * 1000,
    toWall: (instant) => wallOf(timeOf(instant, utcZone).convertToZone(zone)),
  }
}

/** What a time of iCalendar shows, whatever its zone. */
export function wallOf({ year, month, day: date, hour, minute, second }: ICAL.Time): number {
  return Date.UTC(year, month - 1, date, hour, minute, second)
}

/** A time that shows this. */
export function timeOf(wall: number, zone: ICAL.Timezone, isDate = false): ICAL.Time {
  const at = new Date(wall)
  const shown = {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  }
  return new ICAL.Time({ ...shown, isDate }, zone)
}
