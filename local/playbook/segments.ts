import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import { waves } from '../../lambdas/shared/domain/waves.ts'
import type { Settings } from '../../lib/config.ts'
import { enumerated, escaped, section, table } from './markdown.ts'

/** What moves from where to where, and whose it is. */
export function segmentsSection({ segments }: Migration, settings: Settings): string {
  return section(
    'Segments and owners',
    table(
      ['segment', 'owner', 'depends on', 'source', 'target', 'left out on purpose', 'personal fields'],
      segments.map((segment) => [
        escaped(segment.name),
        escaped(segment.owner),
        enumerated(segment.dependsOn.map(escaped)),
        sourceText(segment, settings),
        targetText(segment, settings),
        enumerated(Object.keys(segment.filter).map(escaped)),
        enumerated(personalFields(segment)),
      ]),
    ),
  )
}

function sourceText({ source }: Segment, { sources }: Settings): string {
  const place = sources[source.at]
  const bucket = place && 'bucket' in place ? `bucket ${escaped(place.bucket)}` : 'made by the deployment'
  return `${escaped(source.at)}, ${escaped(source.prefix)} (${bucket})`
}

function targetText({ target }: Segment, { targets }: Settings): string {
  const place = targets[target.at]
  const named = place && 'table' in place ? `table ${escaped(place.table)}` : 'made by the deployment'
  const scope =
    target.scope && `, where ${escaped(target.scope.attribute)} begins with ${escaped(target.scope.prefix)}`
  const before = target.holds === 'empty' ? 'empty before' : 'holds records before'
  return `${escaped(target.at)} (${named})${scope ?? ''}, ${before}`
}

function personalFields({ map }: Segment): string[] {
  return Object.entries(map).flatMap(([field, mapping]) =>
    typeof mapping === 'object' ? [`${escaped(field)}: ${mapping.pii}`] : [],
  )
}

/** What may run side by side. */
export function wavesSection(migration: Migration): string {
  return section(
    'Waves',
    'Stages of one wave run side by side; the next wave begins when all of them are decided. What follows a stage that ' +
      'has not passed is not reached.',
    table(
      ['wave', 'stages'],
      waves(migration).map((nodes, wave) => [
        String(wave + 1),
        nodes.map(({ segment, stage }) => `${escaped(segment)} / ${escaped(stage)}`).join(', '),
      ]),
    ),
  )
}
