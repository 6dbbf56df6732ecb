import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { decisionTitles } from '../../lambdas/shared/domain/wording/gate-words.ts'
import { countText } from '../../lambdas/shared/domain/wording/figures.ts'
import type { Settings } from '../../lib/config.ts'
import { escaped, list, section, spanText, table } from './markdown.ts'

/** What happens by itself. */
export function triggersSection({ gate, calendar }: Migration, settings: Settings): string {
  const rows: [string, string][] = [
    ['every criterion is met', 'verdict pass: the gate can be approved'],
    [
      'a criterion is not met',
      `verdict fail: the gate cannot be approved; ${escaped(gate.override ?? 'nobody')} may override it`,
    ],
    [
      'a figure is beyond its breach limit',
      'verdict breach: as fail, and the mail and the page say so first',
    ],
    ['a gate is open', `it asks again every ${spanText(gate.remindEvery)}`],
    ...(gate.escalation
      ? ([
          [
            `a gate is open for ${spanText(gate.escalation.after)}`,
            `people of role ${escaped(gate.escalation.to)} are asked as well`,
          ],
        ] satisfies [string, string][])
      : []),
    [
      `a gate is open for ${spanText(gate.expiresAfter)}`,
      `it closes: ${decisionTitles[gate.onExpiry].toLowerCase()}`,
    ],
    [`a gate is undecided for ${settings.gateWaitingHours} hours`, 'alarm to operators'],
    [
      `more than ${countText(settings.quarantineLimit)} records are quarantined within an hour`,
      'alarm to operators',
    ],
    ['a batch fails on its data', 'it is counted as failed; its siblings go on'],
    [
      'a source object changes under loaded batches',
      'the run stops with SourceChanged, before the next stage',
    ],
    ['an execution fails, runs out of time or is aborted', 'notice to operators; redrive it or start again'],
    ...(calendar
      ? ([['the calendar is closed before a stage', 'the run waits, and operators get a notice']] satisfies [
          string,
          string,
        ][])
      : []),
  ]
  return section('What each trigger does', table(['when', 'then'], rows))
}

/** What can be taken back in this version, and what cannot. */
export function rollbackSection(): string {
  return section(
    'Rollback',
    '**This version takes nothing back by itself.** Deciding to roll back ends the rollout of the segment: no later stage ' +
      'of it is reached under this definition, and what was loaded stays. Before every write the state of the record ' +
      'before is in the undo log, in the archive bucket, so nothing is lost.',
    list([
      'Decide **Roll back** at the gate, with the reason; or stop the run, where no gate is open.',
      'Keep writers of the application off the loaded records, or know which they have changed since.',
      'Restore the target: from its backup (point-in-time recovery of the table), or from the undo log, record by record: ' +
        'docs/runbook.md, section "Run rollback".',
      'Compare with the source of the state before, and record who did what.',
      'Correct the cause in the definition or in the source. Where something of the migration is loaded, a changed ' +
        'definition of it is refused (MappingChanged): put the segment into a migration of its own, which begins with rehearse.',
    ]),
  )
}

/** When stages may start. */
export function calendarSection({ calendar }: Migration, { calendars }: Settings): string {
  if (calendar === undefined) {
    return section('Calendar', 'The migration names no calendar: stages start whenever they can.')
  }
  const setting = calendars[calendar.at]
  const place =
    setting === undefined
      ? '**not in cdk.json**'
      : 'create' in setting
        ? `made from ${escaped(setting.create)}`
        : 'name' in setting
          ? `Change Calendar ${escaped(setting.name)}`
          : `Change Calendar ${escaped(setting.arn)}`
  const stages = calendar.stages?.map(escaped).join(', ')
  return section(
    'Calendar',
    list([
      `Calendar ${escaped(calendar.at)}: ${place}.`,
      stages === undefined ? 'Every stage waits for it.' : `These stages wait for it: ${stages}.`,
      'A stage starts only while it is open; the run looks right before, and at least once an hour while it waits.',
      'A stage that has started is not interrupted when the calendar closes, and gates can be decided at any time.',
      'A redrive of a stage that had started goes on with it at once.',
    ]),
  )
}
