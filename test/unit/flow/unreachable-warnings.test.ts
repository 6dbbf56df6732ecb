import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineMigration, defineSegment, dynamoDb, full, pilot, rehearse, s3Delimited } from '#lockgate'
import { unreachableWarnings } from '../../../lambdas/open-run/unreachable-warnings.ts'
import type { StageSpec } from '../../../lambdas/shared/domain/definition/stage.ts'
import { waves } from '../../../lambdas/shared/domain/waves.ts'

const segment = (name: string, dependsOn: string[], stages: StageSpec[]) =>
  defineSegment({
    ...{ name, owner: 'tests', dependsOn, stages },
    source: s3Delimited({ at: 'export', prefix: `${name}/`, record: z.object({ id: z.string() }) }),
    target: dynamoDb({ at: 'things', record: z.object({ pk: z.string() }), key: ['pk'] }),
    map: { pk: 'id' },
  })

const migration = defineMigration({
  name: 'm',
  segments: [
    segment('a', [], [rehearse(), full()]),
    segment('b', ['a'], [rehearse(), pilot({ share: 0.1 }), full()]),
  ],
  gate: { quorum: { steward: 1 } },
})

const warnings = (until?: string) => unreachableWarnings(migration, waves(migration, until).flat())

test('a stage is named whose prerequisite in another segment lies beyond `until`', () => {
  expect(warnings('pilot')).toEqual([
    expect.stringMatching(/^b \/ pilot needs a \/ full, which "until" leaves out/),
  ])
})

test('nothing is named where all that is needed is asked for', () => {
  for (const until of ['rehearse', 'full', undefined]) expect(warnings(until)).toEqual([])
})
