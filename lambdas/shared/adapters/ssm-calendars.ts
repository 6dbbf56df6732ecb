import {
  GetCalendarStateCommand,
  InvalidDocument,
  InvalidDocumentType,
  UnsupportedCalendarException,
  type SSMClient,
} from '@aws-sdk/client-ssm'
import { LockgateError } from '../contract/errors.ts'
import type { Calendars } from '../ports/calendar.ts'

/** Change Calendars of Systems Manager; `arnOf` says which document a name of `cdk.json` is. */
export function ssmCalendars(client: SSMClient, arnOf: (name: string) => string): Calendars {
  return {
    async state(name) {
      const arn = arnOf(name)
      // Without AtTime it is the state now, by the clock of the service that also names the next transition.
      const command = new GetCalendarStateCommand({ CalendarNames: [arn] })
      const { State, NextTransitionTime } = await client.send(command).catch((error: unknown) => {
        throw named(name, arn, error)
      })
      if (State === undefined) throw new Error(`Systems Manager gave no state of ${arn}`)
      const changesAt = Date.parse(NextTransitionTime ?? '')
      return { isOpen: State === 'OPEN', ...(!Number.isNaN(changesAt) && { changesAt }) }
    },
  }
}

function named(name: string, arn: string, cause: unknown): unknown {
  if (cause instanceof InvalidDocument || cause instanceof InvalidDocumentType) {
    return new LockgateError(
      'CalendarMissing',
      `calendar ${name} is ${arn}, and Systems Manager has no Change Calendar there: correct calendars.${name} in ` +
        'cdk.json, or have the calendar shared with this account',
      { cause },
    )
  }
  if (cause instanceof UnsupportedCalendarException) {
    return new LockgateError(
      'CalendarUnsupported',
      `Systems Manager cannot read calendar ${name} (${arn}): ${cause.message}. Correct its entries`,
      { cause },
    )
  }
  return cause
}
