import type { Run } from '../../contract/payloads.ts'
import { consoleLink } from './failure-mail.ts'
import { mailSubject } from './subject.ts'

export interface Waiting {
  readonly run: Run
  readonly segment: string
  readonly stage: string
  readonly calendar: string
  /** Absent where the calendar has no such time. */
  readonly opensAt: string | undefined
}

/** The notice to operators that a stage waits for its calendar. */
export function windowMail({ run, segment, stage, calendar, opensAt }: Waiting) {
  const what = `${segment} / ${stage} waits for calendar ${calendar}`
  const lines = [
    `Stage ${stage} of ${segment} of ${run.migration} could start now, and calendar ${calendar} is closed.`,
    '',
    `Run        ${run.id}`,
    opensAt === undefined
      ? 'Opens      never, as the calendar is now: add an event to it, or stop the run'
      : `Opens      ${opensAt} (UTC)`,
    '',
    'The run goes on by itself when the calendar is open, and looks at least once an hour whether it was changed.',
    'Nothing has to be done. Stop the execution to end the wait; what has passed stays passed.',
    '',
    'The run:',
    consoleLink(run.executionArn),
    '',
    'More: docs/runbook.md, section "A stage waits for its calendar".',
  ]
  return { subject: mailSubject(`Lockgate ${run.migration}: ${what}`), text: lines.join('\n') }
}
