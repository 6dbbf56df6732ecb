import type { StageSpec } from './stage.ts'

/** When stages may start: while a Systems Manager Change Calendar is open. */
export interface CalendarSpec {
  /** Name of the calendar in `cdk.json`; the environment says which one it is. */
  readonly at: string
  /** Ids of the stages that wait for it. Without it all of them do. */
  readonly stages?: readonly string[]
}

/** `calendar: 'businessHours'` is short for a calendar that all stages wait for. */
export function calendarSpec(given: string | CalendarSpec): CalendarSpec {
  return typeof given === 'string' ? { at: given } : given
}

/** Name of the calendar that has to be open before this stage starts. */
export function calendarOf(
  { calendar }: { readonly calendar?: CalendarSpec },
  { id }: StageSpec,
): string | undefined {
  if (calendar === undefined) return undefined
  return calendar.stages?.includes(id) === false ? undefined : calendar.at
}
