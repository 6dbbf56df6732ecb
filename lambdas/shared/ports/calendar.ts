/** What a Change Calendar says of this moment. */
export interface CalendarState {
  readonly isOpen: boolean
  /** When that changes, in milliseconds since 1970; absent where it never does. */
  readonly changesAt?: number
}

/** The calendars of this deployment. */
export interface Calendars {
  /** @throws CalendarMissing, CalendarUnsupported. */
  state(name: string): Promise<CalendarState>
}
