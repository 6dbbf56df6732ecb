import type { Migration } from '../migration.ts'
import type { Finding } from './definition-problem.ts'

/** A calendar that is limited to stages names some, and none that no segment has. */
export function checkCalendar({ calendar, segments }: Migration): Finding[] {
  if (calendar?.stages === undefined) return []
  if (calendar.stages.length === 0) {
    return [{ field: 'calendar.stages', message: 'is empty; leave it out, and every stage waits' }]
  }
  const known = new Set(segments.flatMap(({ stages }) => stages.map(({ id }) => id)))
  return calendar.stages.flatMap((id, index) =>
    known.has(id)
      ? []
      : [
          {
            field: `calendar.stages.${index}`,
            message: `no segment has a stage ${id}; there are ${[...known].join(', ')}`,
          },
        ],
  )
}
