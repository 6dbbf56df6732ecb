import { expect, test } from 'vitest'
import { headerAnomalies } from '../../../lambdas/shared/domain/anomalies/columns.ts'
import { shapeAnomalies } from '../../../lambdas/shared/domain/anomalies/find-anomalies.ts'
import { StageProfileBuilder } from '../../../lambdas/shared/domain/profile/stage-profile.ts'
import { batchOf, inBatches, sourceOf, type Row } from '../../support/profiles.ts'
import { pilotSummary, sealed } from '../../support/stage-summaries.ts'

const names = ['id', 'name', 'fax', 'born']
const rows = (count: number, change: (row: Record<string, unknown>, i: number) => Row = (row) => row) =>
  Array.from({ length: count }, (_, i) =>
    change({ id: String(i), name: `n${i % 50}`, fax: i % 10 === 0 ? null : '12-34', born: '1970-01-01' }, i),
  )
const source = (count = 2_000, change?: (row: Record<string, unknown>, i: number) => Row, columns = names) =>
  sourceOf(inBatches(rows(count, change), 100), columns)

const before = source()
const found = (now: typeof before, reference = before) =>
  shapeAnomalies(reference, now, 'the rehearsal before').map(({ kind, subject, sentence }) => [
    kind,
    subject,
    sentence,
  ])

test('the same source, cut otherwise, shows nothing', () => {
  expect(found(sourceOf(inBatches(rows(2_000), 77), names))).toEqual([])
  expect(found(sourceOf([rows(2_000)], names))).toEqual([])
})

test('columns that are added, gone or in another order', () => {
  const without = (row: Record<string, unknown>) => ({ id: row['id'], name: row['name'], born: row['born'] })
  expect(found(source(2_000, (row) => ({ ...row, mail: 'x' }), [...names, 'mail']))).toEqual([
    ['columns', 'mail', 'Column “mail” is new: the rehearsal before did not see it.'],
  ])
  expect(found(source(2_000, without, ['id', 'name', 'born']))[0]).toEqual([
    ...['columns', 'fax', 'Column “fax” is gone: the rehearsal before saw it.'],
  ])
  expect(found(source(2_000, (row) => row, ['id', 'fax', 'name', 'born']))).toEqual([
    [
      ...['columns', 'order'],
      'The columns come in another order than the rehearsal before saw: 2 of 4 have another place, “fax” the 2nd ' +
        'and not the 3rd.',
    ],
  ])
})

test('a column whose name is cut within a character keeps no stage from being judged', () => {
  const name = `${'x'.repeat(59)}\u{1f600} and more`
  const anomalies = shapeAnomalies(
    before,
    source(2_000, (row) => ({ ...row, [name]: 'x' }), [...names, name]),
    'rehearse',
  )
  expect(anomalies).toMatchObject([
    { subject: name, sentence: `Column “${'x'.repeat(59)}\ufffd…” is new: rehearse did not see it.` },
  ])
  expect(() => sealed(pilotSummary({ anomalies }))).not.toThrow()
})

test('the columns of JSON are those with a value, in any order; undeclared names are counted', () => {
  const json = (keys: readonly string[], undeclared = 0) => ({
    ...sourceOf([rows(200).map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])))]),
    undeclared,
  })
  expect(found(json(['name', 'id']), json(['id', 'name']))).toEqual([])
  expect(found(json(['id', 'name', 'born']), json(['id', 'name']))[0]?.slice(0, 2)).toEqual([
    'columns',
    'born',
  ])
  expect(found(json(['id']), json(['id', 'name']))[0]?.slice(0, 2)).toEqual(['columns', 'name'])
  expect(found(json(['id'], 12), json(['id']))).toEqual([
    [
      ...['columns', 'undeclared names'],
      '12 records have a name that the contract does not declare; the rehearsal before saw none.',
    ],
  ])
})

test('a column that JSON has from some batch on was null before', () => {
  const late = sourceOf([rows(30).map(({ id }) => ({ id })), rows(10)])
  expect(late.columns.map(({ name, nulls }) => [name, nulls])).toEqual([
    ['id', { count: 0, spread: 0 }],
    ['name', { count: 30, spread: 30 }],
    ['fax', { count: 31, spread: 30.1 }],
    ['born', { count: 30, spread: 30 }],
  ])
})

test('values of another type', () => {
  expect(
    found(source(2_000, (row, i) => ({ ...row, born: i % 4 === 0 ? 'unknown' : row['born'] })))[0],
  ).toEqual([
    ...['types', 'born'],
    'Values of “born” have changed type: 25 % of them are text, where the rehearsal before saw 0 %.',
  ])
  // One whole batch of twenty, which no other has: what was never seen needs no spread.
  const oneBatch = source(2_000, (row, i) => ({ ...row, id: i < 100 ? `x${i}` : row['id'] }))
  expect(found(oneBatch)[0]?.slice(0, 2)).toEqual(['types', 'id'])
})

test('values that are missing more or less often', () => {
  expect(found(source(2_000, (row, i) => ({ ...row, fax: i % 4 === 0 ? '' : row['fax'] })))).toEqual([
    [
      ...['nulls', 'fax'],
      '“fax” is null or empty in 30 % of the records, where the rehearsal before saw 10 %.',
    ],
  ])
  expect(found(source(2_000, (row) => ({ ...row, fax: '12-34' })))[0]?.slice(0, 2)).toEqual(['nulls', 'fax'])
})

test('another number of different values', () => {
  expect(found(source(2_000, (row, i) => ({ ...row, name: `n${i % 200}` })))).toEqual([
    [
      ...['distinct', 'name'],
      '“name” has 200 different values in 2,000, where the rehearsal before saw 50 in 2,000.',
    ],
  ])
  // A key that repeats.
  expect(found(source(2_000, (row, i) => ({ ...row, id: String(i % 400) })))[0]?.[2]).toMatch(
    /^“id” has about [34]\d\d different values in 2,000, where the rehearsal before saw about [12],\d{3} in 2,000.$/,
  )
})

test('many more or fewer records, and records of another size', () => {
  expect(found(source(1_200))).toEqual([
    [
      ...['volume', 'records'],
      'The source has 1,200 records, 40 % fewer than the 2,000 that the rehearsal before saw.',
    ],
  ])
  expect(found(source(4_000)).map(([kind]) => kind)).toEqual(['volume'])
  expect(found(source(2_300))).toEqual([])
  const longer = source(2_000, (row) => ({ ...row, name: `${String(row['name'])}${'-'.repeat(30)}` }))
  expect(found(longer).at(-1)?.slice(0, 2)).toEqual(['volume', 'bytes per record'])
})

test('objects of one source whose headers differ', () => {
  const builder = new StageProfileBuilder()
  builder.add([batchOf(rows(30), names)])
  expect(headerAnomalies(builder.result())).toEqual([])
  builder.add([batchOf(rows(10), [...names].reverse())])
  expect(headerAnomalies(builder.result())).toMatchObject([
    { kind: 'columns', subject: 'header', figures: { headers: 2, records: 10, common: 30 } },
  ])
})

test('a sentence for each of eight columns at most, and one for the rest', () => {
  const wide = (prefix: string) =>
    sourceOf([[Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${prefix}${i}`, 'x']))]])
  const columns = shapeAnomalies(wide('a'), wide('b'), 'rehearse')
  expect(columns.map(({ subject }) => subject)).toEqual([
    ...['b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6'],
    '33 more',
  ])
})
