import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { Settings } from '../../lib/config.ts'
import { checklistsSection, contactsSection, scheduleSection } from './checklists.ts'
import { flowDiagram } from './flow-diagram.ts'
import { decisionsSection, gatesSection } from './gates.ts'
import { escaped, section } from './markdown.ts'
import { segmentsSection, wavesSection } from './segments.ts'
import { stagesSection } from './stages.ts'
import { calendarSection, rollbackSection, triggersSection } from './triggers.ts'

/**
 * What the people of a migration work from, in Markdown: made from its definition and the settings of one environment,
 * and from nothing else, so that the same of both gives the same text.
 */
export function playbook(migration: Migration, settings: Settings): string {
  const { name } = migration
  const parts = [
    `# Playbook: ${escaped(name)}`,
    `Made from \`migrations/${name}/migration.ts\` and \`cdk.json\`, environment ${escaped(settings.environment)}. Do not ` +
      `edit it: \`npm run playbook -- ${name}\` makes it anew.`,
    section('The flow', flowDiagram(migration)),
    segmentsSection(migration, settings),
    wavesSection(migration),
    stagesSection(migration),
    gatesSection(migration, settings),
    decisionsSection(),
    triggersSection(migration, settings),
    rollbackSection(),
    calendarSection(migration, settings),
    scheduleSection(migration),
    checklistsSection(migration, settings),
    contactsSection(settings),
  ]
  return `${parts.join('\n\n')}\n`
}
