import { isJudgedAt } from '../../lambdas/shared/domain/criteria/stage-facts.ts'
import { calendarOf } from '../../lambdas/shared/domain/definition/calendar.ts'
import {
  criterionList,
  figureOf,
  type Criterion,
} from '../../lambdas/shared/domain/definition/criterion-list.ts'
import { figureTraits } from '../../lambdas/shared/domain/definition/figure-traits.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import { criteriaOf, type StageSpec } from '../../lambdas/shared/domain/definition/stage.ts'
import { figureText, figureTitle, limitText } from '../../lambdas/shared/domain/wording/figures.ts'
import { escaped, section, table } from './markdown.ts'

const purposes: Readonly<Record<StageSpec['kind'], string>> = {
  rehearse:
    'plans, and does everything but the write: every record is mapped and measured, nothing is loaded',
  pilot: 'first load, of a small representative share',
  ramp: 'a further share',
  full: 'all that is left, and the check of the whole target',
}

/** Each stage of each segment with what it is judged by. */
export function stagesSection(migration: Migration): string {
  return section(
    'Stages and criteria',
    'A stage passes when every criterion is met; a figure that is not known is not met. Beside these, a stage has to ' +
      'cover records, leave no batch unfinished, and account for every record. Not met is **fail**; beyond its breach ' +
      'limit, or with severity breach, it is **breach**: stop, and consider what was loaded.',
    ...migration.segments.flatMap((segment) => [
      `### ${escaped(segment.name)}`,
      stageTable(migration, segment),
      criteriaTable(segment),
    ]),
  )
}

function stageTable(migration: Migration, { stages }: Segment): string {
  return table(
    ['stage', 'loaded when it has passed', 'what it does', 'waits for calendar'],
    stages.map((stage) => [
      escaped(stage.id),
      figureText('completeness', stage.share),
      purposes[stage.kind],
      escaped(calendarOf(migration, stage) ?? 'no'),
    ]),
  )
}

/** A row for each limit; stages that have the same stand together. */
function criteriaTable(segment: Segment): string {
  const rows = new Map<string, { readonly cells: readonly string[]; readonly stages: string[] }>()
  for (const stage of segment.stages) {
    for (const criterion of criterionList(criteriaOf(segment, stage))) {
      if (!isJudgedAt(criterion.name, stage.kind)) continue
      const cells = cellsOf(criterion, segment)
      const known = rows.get(cells.join('\n'))
      if (known === undefined) rows.set(cells.join('\n'), { cells, stages: [escaped(stage.id)] })
      else known.stages.push(escaped(stage.id))
    }
  }
  return table(
    ['criterion', 'what it counts', 'limit', 'at stages'],
    [...rows.values()].map(({ cells, stages }) => [...cells, stages.join(', ')]),
  )
}

function cellsOf(criterion: Criterion, { criteria }: Segment): string[] {
  const { name, of, limit } = criterion
  const figure = figureOf(criterion)
  const sum = name === 'controlSums' && of !== undefined ? criteria.controlSums?.[of] : undefined
  const about = sum
    ? `: ${sum.field}${sum.by === undefined ? '' : ` by ${sum.by}`}, within ${sum.tolerance}`
    : ''
  const judged = { figure, meaning: '', ...limit, actual: null, verdict: 'fail' } as const
  return [
    escaped(figureTitle(figure)),
    escaped(`${figureTraits[name].meaning}${about}`),
    escaped(limitText(judged)),
  ]
}
