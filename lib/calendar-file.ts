import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LockgateError } from '../lambdas/shared/contract/errors.ts'

/** Systems Manager takes documents up to this size. */
const mostBytes = 64 * 1024

/**
 * The content of a Change Calendar from an iCalendar file in the repository. Lines end in CR LF, as RFC 5545 has it,
 * whatever a checkout makes of them. @throws InvalidSettings.
 */
export function readCalendarFile(root: string, name: string, file: string): string {
  const refusal = (problem: string) =>
    new LockgateError('InvalidSettings', `cdk.json: calendars.${name}.create: ${file} ${problem}`)
  const path = join(root, file)
  if (!existsSync(path)) throw refusal('does not exist; give the path of an iCalendar file from the root')
  const content = readFileSync(path, 'utf8').replaceAll(/\r?\n/g, '\r\n')
  if (!/^BEGIN:VCALENDAR\r\n[^]*\r\nEND:VCALENDAR\r\n$/.test(content)) {
    throw refusal('is no iCalendar file: it has to begin with BEGIN:VCALENDAR and to end with END:VCALENDAR')
  }
  if (!/\r\nX-CALENDAR-TYPE:DEFAULT_(OPEN|CLOSED)\r\n/.test(content)) {
    throw refusal(
      'does not say what holds outside its events: add the line X-CALENDAR-TYPE:DEFAULT_CLOSED (open during events) ' +
        'or X-CALENDAR-TYPE:DEFAULT_OPEN (closed during events)',
    )
  }
  const bytes = Buffer.byteLength(content)
  if (bytes > mostBytes) throw refusal(`has ${bytes} bytes, and Systems Manager takes at most ${mostBytes}`)
  return content
}
