import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { Settings } from '../../lib/config.ts'
import { checklist, enumerated, escaped, list, section, spanText } from './markdown.ts'

/** How a run goes, in time. */
export function scheduleSection({ name, segments, gate }: Migration): string {
  const gates = segments.reduce((sum, { stages }) => sum + stages.length, 0)
  const input = JSON.stringify({ migration: name, startedBy: 'you@example.com' })
  return section(
    'Schedule of a run',
    list([
      `Start: an execution of the state machine \`migrate\`, with the input \`${input}\`. With "until" it stops after a stage.`,
      'Rehearse forecasts duration and cost of each later stage; plan the windows of later stages with it.',
      `The run has ${gates} gates. Each may take up to ${spanText(gate.expiresAfter)}.`,
      'A run that ended on hold, for repair or by a failure is started again with the same input: what has passed is taken as done.',
    ]),
  )
}

/** Before, during and after. */
export function checklistsSection({ name, segments, calendar }: Migration, { operators }: Settings): string {
  const owners = [...new Set(segments.map(({ owner }) => owner))].map(escaped)
  return section(
    'Checklists',
    '### Before',
    checklist([
      `\`npm run check-migration -- ${name}\` finds no mistake, and the deployment is that of this definition.`,
      'Each approver and operator has confirmed the e-mail subscription.',
      `The owners (${enumerated(owners)}) have agreed to criteria, shares and filters.`,
      'The target has a backup, and point-in-time recovery is on.',
      'Nobody changes the source from rehearse on; who writes to the target is known.',
      ...(calendar
        ? ['The calendar has windows that are long enough for the stages, as rehearse forecasts them.']
        : []),
      'Operators know this playbook and docs/runbook.md.',
    ]),
    '### During',
    checklist([
      `Operators (${enumerated(operators.map(escaped))}) watch notices and the dashboard.`,
      'At each gate: read verdict, differences, quarantine and anomalies before deciding; give the reason.',
      'Compare duration and cost with the forecast.',
      'Note what was decided outside of Lockgate, and by whom.',
    ]),
    '### After',
    checklist([
      'The run report says complete, and every stage is passed, or overridden with a reason.',
      'Quarantined records are looked through, and repaired in the source or accepted.',
      `\`npm run audit -- ${name}\` finds the decision log and the evidence unaltered; the audit pack is filed.`,
      'Streams, triggers and jobs that were paused for the load are on again.',
      'Source and staged data are kept, or deleted, as agreed.',
    ]),
  )
}

export function contactsSection({ operators, environment }: Settings): string {
  return section(
    'Contacts',
    `Operators of environment ${escaped(environment)}: ${enumerated(operators.map(escaped))}. Approvers stand under ` +
      '"Gates", owners under "Segments".',
  )
}
