import { readFileSync } from 'node:fs'
import type { CalendarModel } from '../../assembly/model.ts'
import { JsonServiceError, type ServiceHandler } from '../calls.ts'
import { jsonService } from '../json-service.ts'
import { combinedState } from './calendar-state.ts'
import { readCalendar, type Calendar } from './read-calendar.ts'
import { UnsupportedCalendar } from './unsupported-calendar.ts'

interface SsmOptions {
  readonly calendars: readonly CalendarModel[]
  /** An iCalendar file that stands for every calendar. It is read at each call, so it can be edited meanwhile. */
  readonly calendarFile: string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Change Calendar of Systems Manager. */
export function ssmService({ calendars, calendarFile, now }: SsmOptions): ServiceHandler {
  const contentOf = (reference: string): string => {
    if (calendarFile !== undefined) return readFileSync(calendarFile, 'utf8')
    const found = calendars.find(({ name, arn }) => name === reference || arn === reference)
    if (found !== undefined) return found.content
    throw new JsonServiceError(
      'InvalidDocument',
      `Document ${reference} does not exist. A calendar that is not made here has no entries on one machine: give a ` +
        'file that stands for it, with --calendar <file.ics>',
    )
  }
  return jsonService('Systems Manager', 'application/x-amz-json-1.1', {
    GetCalendarState: (input) => {
      const { AtTime } = input
      const at = AtTime === undefined ? now() : typeof AtTime === 'string' ? Date.parse(AtTime) : Number.NaN
      if (Number.isNaN(at)) throw new JsonServiceError('ValidationException', 'AtTime is no ISO 8601 time')
      const state = combinedState(
        namesIn(input).map((name) => calendarIn(contentOf(name))),
        at,
      )
      return {
        State: state.isOpen ? 'OPEN' : 'CLOSED',
        AtTime: isoSeconds(at),
        ...(state.changesAt !== undefined && { NextTransitionTime: isoSeconds(state.changesAt) }),
      }
    },
  })
}

function namesIn({ CalendarNames }: Readonly<Record<string, unknown>>): string[] {
  if (Array.isArray(CalendarNames) && CalendarNames.length > 0) return CalendarNames.map(String)
  throw new JsonServiceError('ValidationException', "Value at 'calendarNames' must have at least one member")
}

function calendarIn(content: string): Calendar {
  try {
    return readCalendar(content)
  } catch (error) {
    if (!(error instanceof UnsupportedCalendar)) throw error
    throw Object.assign(new JsonServiceError('UnsupportedCalendarException', error.message), { cause: error })
  }
}

/** As Systems Manager writes times: `2020-02-24T21:15:19Z`. */
const isoSeconds = (time: number) => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z')
