import { calendarOf } from '../../lambdas/shared/domain/definition/calendar.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { waves } from '../../lambdas/shared/domain/waves.ts'
import { label } from './markdown.ts'

/** The stages of all segments, wave by wave, each with its gate. */
export function flowDiagram(migration: Migration): string {
  const laidOut = waves(migration)
  const ids = new Map(laidOut.flat().map((node, index) => [`${node.segment}/${node.stage}`, `s${index}`]))
  const idOf = (segment: string, stage: string) => ids.get(`${segment}/${stage}`) ?? 'none'
  const boxes = laidOut.flatMap((nodes, wave) => [
    `  subgraph w${wave}["Wave ${wave + 1}"]`,
    ...nodes.map(({ segment, stage }) => `    ${idOf(segment, stage)}["${label(`${segment}: ${stage}`)}"]`),
    '  end',
  ])
  const arrows = migration.segments.flatMap(({ name, stages }) =>
    stages.flatMap((stage, index) => {
      const next = stages[index + 1]
      return [
        `  ${idOf(name, stage.id)} --> ${idOf(name, stage.id)}g{"Gate"}`,
        ...(next === undefined ? [] : [`  ${idOf(name, stage.id)}g -->|passed| ${idOf(name, next.id)}`]),
      ]
    }),
  )
  const waiting = migration.segments.flatMap(({ name, stages }) =>
    stages.filter((stage) => calendarOf(migration, stage) !== undefined).map(({ id }) => idOf(name, id)),
  )
  return [
    '```mermaid',
    'flowchart TD',
    ...boxes,
    ...arrows,
    ...dependencies(migration, idOf),
    ...(waiting.length === 0
      ? []
      : ['  classDef waits stroke-dasharray: 5 5', `  class ${waiting.join(',')} waits`]),
    '```',
  ].join('\n')
}

function dependencies({ segments }: Migration, idOf: (segment: string, stage: string) => string): string[] {
  return segments.flatMap(({ name, dependsOn, stages }) =>
    dependsOn.flatMap((other) => {
      const of = segments.find((one) => one.name === other)
      return stages
        .filter(({ id }) => of?.stages.some((stage) => stage.id === id))
        .map(({ id }) => `  ${idOf(other, id)}g -.->|needed by| ${idOf(name, id)}`)
    }),
  )
}
