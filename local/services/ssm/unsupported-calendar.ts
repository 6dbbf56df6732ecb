/** A calendar that cannot be read as it is meant. */
export class UnsupportedCalendar extends Error {
  override readonly name = 'UnsupportedCalendar'
}
