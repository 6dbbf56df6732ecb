import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineSegment, dynamoDb, full, rehearse, s3Delimited, s3Ndjson } from '#lockgate'
import { DistinctSketch } from '../../../lambdas/shared/domain/profile/distinct-sketch.ts'
import { ProfileBuilder } from '../../../lambdas/shared/domain/profile/profile-builder.ts'
import { partProfile } from '../../../lambdas/shared/domain/profile/profile.ts'
import { profiledColumns } from '../../../lambdas/shared/domain/profile/profiled-columns.ts'
import type { SourceRecord } from '../../../lambdas/shared/domain/source-record.ts'

const Row = z.object({ id: z.string(), name: z.string(), mail: z.string(), born: z.string() })
const options = {
  name: 'people',
  owner: 'tests',
  target: dynamoDb({
    at: 'table',
    record: z.object({ pk: z.string(), name: z.string(), mail: z.string() }),
    key: ['pk'],
  }),
  map: {
    pk: (row: z.output<typeof Row>) => row.id,
    name: 'name',
    mail: { from: 'mail', pii: 'mask' },
  } as const,
  stages: [rehearse(), full()],
}
const at = { at: 'export', prefix: 'p/', record: Row }
const people = defineSegment({ ...options, source: s3Delimited(at) })
const plainPeople = defineSegment({
  ...options,
  source: s3Delimited(at),
  map: { ...options.map, mail: 'mail' },
})
const jsonPeople = defineSegment({ ...options, source: s3Ndjson(at) })

const recordOf = (fields: Record<string, unknown>, ordinal = 0): SourceRecord => ({
  ...{ ordinal, place: { object: 'p/1', line: 1, byte: 0 } },
  ...{ raw: JSON.stringify(fields), fields },
})
const unread: SourceRecord = {
  ...{ ordinal: 9, place: { object: 'p/1', line: 9, byte: 0 }, raw: 'é;b' },
  problem: { reason: 'RaggedRow', detail: 'too few' },
}
const names = ['id', 'name', 'mail', 'born']
const row = (id: string, born: string | null = '1970-01-01') => ({
  id,
  name: `n${id}`,
  mail: `m${id}@x`,
  born,
})

test('counts records, bytes, nulls and types, and each value of an unclassified column by name', () => {
  const builder = new ProfileBuilder(profiledColumns(people), names)
  for (const fields of [row('1'), row('2', null), row('2', ''), { ...row('x'), born: 'never' }])
    builder.see(recordOf(fields))
  builder.see(unread)
  builder.seeItem(1_024)
  builder.seeItem(5_000)
  const profile = partProfile.parse(builder.result())

  expect(profile).toMatchObject({ records: 5, unread: 1, undeclared: 0 })
  expect(profile.headers).toEqual([{ columns: names, records: 5 }])
  expect(profile.mapped).toEqual({ records: 2, bytes: 6_024, writeUnits: 6, readUnits: 3 })
  expect(profile.columns.map(({ name, nulls, types }) => [name, nulls, types])).toEqual([
    ['id', 0, { 'whole number': 3, text: 1 }],
    ['name', 0, { text: 4 }],
    ['mail', 0, { text: 4 }],
    ['born', 2, { date: 1, text: 1 }],
  ])
})

test('a column from which a classified field may be read has no sketch', () => {
  const sketched = (segment: typeof people) => {
    const builder = new ProfileBuilder(profiledColumns(segment), names)
    for (const id of ['1', '2', '3']) builder.see(recordOf(row(id)))
    return builder
      .result()
      .columns.flatMap(({ name, distinct }) =>
        distinct === undefined ? [] : [`${name} ${DistinctSketch.decode(distinct).count()}`],
      )
  }
  // `id` and `born` may be read by a function, and nobody can tell which.
  expect(sketched(people)).toEqual(['name 3'])
  expect(sketched(plainPeople)).toEqual(['id 3', 'name 3', 'mail 3', 'born 1'])
})

test('names of JSON that the contract does not declare are counted, and not kept', () => {
  const builder = new ProfileBuilder(profiledColumns(jsonPeople), undefined)
  builder.see(recordOf({ id: '1', 'someone@example.com': true }))
  builder.see(recordOf({ id: '2', name: 'x' }))
  const profile = builder.result()
  expect(profile).toMatchObject({ records: 2, undeclared: 1, headers: [] })
  expect(profile.columns.map(({ name, nulls }) => [name, nulls])).toEqual([
    ['id', 0],
    ['name', 1],
  ])
  expect(JSON.stringify(profile)).not.toContain('someone')
})
