import type { Interval } from './occurrences.ts'
import type { Calendar } from './read-calendar.ts'

export interface CalendarState {
  readonly isOpen: boolean
  /** When that changes, in milliseconds since 1970; absent where it never does. */
  readonly changesAt?: number
}

/** Events that follow one another without a gap for so long go on for ever. */
const horizon = 20 * 366 * 86_400_000

/** What a calendar says of an instant. Events that overlap or touch are one. */
export function calendarState(calendar: Calendar, at: number): CalendarState {
  let busyUntil: number | undefined
  let next: number | undefined
  for (const { start, end } of merged(calendar.streams())) {
    if (end <= at) continue
    if (start > (busyUntil ?? at)) {
      next = start
      break
    }
    busyUntil = Math.max(busyUntil ?? at, end)
    if (busyUntil > at + horizon) return { isOpen: !calendar.isOpenByDefault }
  }
  const changesAt = busyUntil ?? next
  const isOpen = (busyUntil === undefined) === calendar.isOpenByDefault
  return { isOpen, ...(changesAt !== undefined && { changesAt }) }
}

/** Several calendars are open when all of them are. */
export function combinedState(calendars: readonly Calendar[], at: number): CalendarState {
  const isOpenAt = (time: number) => calendars.every((calendar) => calendarState(calendar, time).isOpen)
  const isOpen = isOpenAt(at)
  for (let time = at; ;) {
    const changes = calendars.flatMap((calendar) => calendarState(calendar, time).changesAt ?? [])
    if (changes.length === 0) return { isOpen }
    time = Math.min(...changes)
    if (time > at + horizon) return { isOpen }
    if (isOpenAt(time) !== isOpen) return { isOpen, changesAt: time }
  }
}

/** In order of their start. */
function* merged(streams: readonly Iterator<Interval>[]): Generator<Interval> {
  const heads = streams.map((stream) => ({ stream, head: stream.next() }))
  for (;;) {
    let first: (typeof heads)[number] | undefined
    for (const one of heads) {
      if (one.head.done === true) continue
      if (first === undefined || one.head.value.start < (first.head.value as Interval).start) first = one
    }
    if (first === undefined) return
    yield first.head.value as Interval
    first.head = first.stream.next()
  }
}
