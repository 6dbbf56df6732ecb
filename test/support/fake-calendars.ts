import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import type { Calendars, CalendarState } from '../../lambdas/shared/ports/calendar.ts'

/** Calendars that a test opens and closes; one that it has not set is not there. */
export class FakeCalendars implements Calendars {
  readonly states = new Map<string, CalendarState>()
  /** Names, in the order in which they were asked for. */
  readonly asked: string[] = []

  async state(name: string): Promise<CalendarState> {
    this.asked.push(name)
    const found = this.states.get(name)
    if (found === undefined) throw new LockgateError('CalendarMissing', name)
    return found
  }
}
