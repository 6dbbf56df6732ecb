import { calendarOf } from '../shared/domain/definition/calendar.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import type { StageSpec } from '../shared/domain/definition/stage.ts'
import type { StageRecord } from '../shared/domain/stage-record.ts'
import type { Calendars } from '../shared/ports/calendar.ts'
import type { Clock } from '../shared/ports/clock.ts'

export type Window = NonNullable<StageRecord['window']>

export interface WindowPorts {
  readonly calendars: Calendars
  readonly clock: Clock
}

/**
 * The wait that lies before a stage whose calendar is closed right now; `undefined` where the stage may start. It goes
 * on with a wait that this run has begun already: `migrate` comes back here when the calendar has opened, and it may
 * have closed again.
 */
export async function closedWindow(
  migration: Migration,
  stage: StageSpec,
  before: Window | undefined,
  { calendars, clock }: WindowPorts,
): Promise<Window | undefined> {
  const calendar = calendarOf(migration, stage)
  if (calendar === undefined) return undefined
  const { isOpen, changesAt } = await calendars.state(calendar)
  if (isOpen) return undefined
  const { since, isTold } = before ?? { since: new Date(clock.now()).toISOString(), isTold: false }
  return { calendar, since, ...(changesAt && { until: new Date(changesAt).toISOString() }), isTold }
}
