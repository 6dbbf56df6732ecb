/** iCalendar text of a Change Calendar, with these lines within. */
export function icalendar(type: 'DEFAULT_OPEN' | 'DEFAULT_CLOSED', ...lines: readonly string[]): string {
  return [
    'BEGIN:VCALENDAR',
    'PRODID:-//AWS//Change Calendar 1.0//EN',
    'VERSION:2.0',
    `X-CALENDAR-TYPE:${type}`,
    ...lines,
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

let count = 0

/** Lines of an event. */
export function event(...lines: readonly string[]): string[] {
  count += 1
  const uid = lines.some((line) => line.startsWith('UID:')) ? [] : [`UID:event-${count}`]
  return ['BEGIN:VEVENT', ...uid, 'SUMMARY:An event', 'X-EVENT-TYPE:STANDARD', ...lines, 'END:VEVENT']
}
