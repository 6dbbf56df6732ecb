import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineSegment, dynamoDb, full, rehearse, s3Ndjson } from '#lockgate'
import type { Segment } from '../../../lambdas/shared/domain/definition/segment.ts'
import { recordMapper, type MappedRecord } from '../../../lambdas/shared/domain/mapping/record-mapper.ts'
import { Decimal } from '../../../lambdas/shared/domain/value.ts'

const anything = z.custom<unknown>(() => true)
const Row = z.object({ id: z.string(), value: anything.optional() })
const Thing = z.object({ pk: z.string(), value: anything.optional(), mail: z.string().nullish() })

function segment(change: Partial<Segment> = {}): Segment {
  const defined = defineSegment({
    name: 'things',
    owner: 'tests',
    source: s3Ndjson({ at: 'export', prefix: 'things/', record: Row }),
    target: dynamoDb({ at: 'table', record: Thing, key: ['pk'], scope: { attribute: 'pk', prefix: 'T#' } }),
    map: { pk: (row) => row.id, value: 'value' },
    stages: [rehearse(), full()],
  })
  return { ...defined, ...change }
}

const place = { object: 'o', line: 1, byte: 0 }
const map = (fields: unknown, of = segment()): MappedRecord =>
  recordMapper(of, (text) => `hash(${text})`)({ ordinal: 0, place, raw: 'secret', fields })

const nested = (levels: number): unknown => (levels === 0 ? 'end' : [nested(levels - 1)])

test('a mapped record has its key, its owned fields and their canonical text', () => {
  expect(map({ id: 'T#1', value: new Decimal('1.50') })).toEqual({
    kind: 'mapped',
    key: { pk: 'T#1' },
    after: { pk: 'T#1', value: new Decimal('1.50') },
    text: '{"pk":"T#1","value":1.5}',
  })
})

test('numbers at the limits of the target are mapped', () => {
  for (const value of [
    new Decimal('9e125'),
    1e-130,
    -1.5,
    new Decimal('9'.repeat(38)),
    new Decimal(`0.${'0'.repeat(92)}${'9'.repeat(38)}`),
    2n ** 100n,
  ]) {
    expect(map({ id: 'T#1', value })).toMatchObject({ kind: 'mapped' })
  }
  expect(map({ id: 'T#1', value: nested(31) })).toMatchObject({ kind: 'mapped' })
})

test.each<[string, unknown]>([
  ['UnpairedSurrogate', 'a\ud800'],
  ['NotFinite', NaN],
  ['NegativeZero', -0],
  ['UnsafeInteger', 2 ** 53],
  ['NumberOutOfRange', 1e126],
  ['NumberOutOfRange', 1e-131],
  ['NumberOutOfRange', 10n ** 126n],
  ['NumberTooPrecise', new Decimal('1'.repeat(39))],
  ['UnsupportedType', new Date(0)],
  ['UnsupportedType', () => 1],
  ['UnsupportedType', [undefined]],
  ['UnsupportedType', Promise.resolve(1)],
  ['TooDeep', nested(40)],
  ['ItemTooLarge', 'x'.repeat(410_000)],
  ['UnsupportedName', { ['']: 1 }],
  ['UnsupportedName', JSON.parse('{"__proto__":1}')],
])('%s is kept back, and the field named', (reason, value) => {
  const result = map({ id: 'T#1', value })
  expect(result).toMatchObject({ kind: 'quarantined', problem: { reason } })
  if (reason !== 'ItemTooLarge') expect(result).toMatchObject({ problem: { field: 'value' } })
})

test.each<[string, string]>([
  ['InvalidKey', ''],
  ['InvalidKey', `T#${'x'.repeat(2_047)}`],
  ['OutsideScope', 'X#1'],
])('a key can be wrong: %s', (reason, id) => {
  expect(map({ id })).toMatchObject({ kind: 'quarantined', problem: { reason, field: 'pk' } })
})

test('no value of the record is in any reason', () => {
  const contract = (record: z.ZodType) => segment({ source: s3Ndjson({ at: 'e', prefix: 'p', record }) })
  const secret = 'secret-4711'
  const throwing = () => {
    throw new TypeError(`no ${secret}`)
  }
  const cases: [unknown, Segment][] = [
    [{ id: secret }, contract(z.object({ id: z.enum(['a', 'b']) }))],
    [{ id: secret }, contract(z.object({ id: z.string().max(3) }))],
    [{ id: secret }, contract(z.object({ id: z.email() }))],
    [{ [secret]: 1 }, contract(z.strictObject({}))],
    [{ [secret]: 'x' }, contract(z.record(z.string(), z.number()))],
    [
      { id: secret },
      contract(z.object({ id: z.string().refine(() => false, { error: (issue) => String(issue.input) }) })),
    ],
    [{ id: secret }, contract(z.object({ id: z.union([z.number(), z.boolean()]) }))],
    [{ id: secret }, contract(z.object({ id: z.string().transform(throwing) }))],
    [{ id: secret }, segment({ filter: { broken: throwing } })],
    [{ id: secret }, segment({ map: { pk: throwing } })],
    [{ id: secret }, segment({ map: { pk: () => 5 } })],
  ]
  for (const [fields, of] of cases) {
    const result = map(fields, of)
    expect(result.kind).toBe('quarantined')
    expect(JSON.stringify(result)).not.toContain(secret)
  }
})

test('a filter that answers neither true nor false keeps the record back', () => {
  const asynchronous: unknown = async () => false
  const filter = { soon: asynchronous as () => boolean }
  expect(map({ id: 'T#1' }, segment({ filter }))).toMatchObject({ problem: { reason: 'FilterFailed' } })
})

test('the first filter that holds gives the reason', () => {
  const filter = { never: () => false, first: () => true, second: () => true }
  expect(map({ id: 'T#1' }, segment({ filter }))).toEqual({ kind: 'filtered', reason: 'first' })
})

test('personal data: hashed over its canonical text, dropped, or carried', () => {
  const pii = (classified: 'mask' | 'hash' | 'drop' | 'keep') =>
    map(
      { id: 'T#1', value: 'me@example.com' },
      segment({ map: { pk: 'id', mail: { from: 'value', pii: classified } } }),
    )
  expect(pii('hash')).toMatchObject({ after: { pk: 'T#1', mail: 'hash("me@example.com")' } })
  expect(pii('drop')).toMatchObject({ after: { pk: 'T#1' }, text: '{"pk":"T#1"}' })
  expect(pii('mask')).toMatchObject({ after: { mail: 'me@example.com' } })
  const absent = segment({ map: { pk: 'id', mail: { from: 'value', pii: 'hash' } } })
  expect(map({ id: 'T#1' }, absent)).toMatchObject({ kind: 'mapped', text: '{"pk":"T#1"}' })
  expect(() => recordMapper(absent)).toThrow(/no key/)
})

test('a field that the mapping does not own is not written, whatever the contract adds', () => {
  const record = z.object({ pk: z.string(), added: z.string().default('by the contract') })
  const target = dynamoDb({ at: 'table', record, key: ['pk'] })
  expect(map({ id: 'T#1' }, segment({ target, map: { pk: 'id' } }))).toMatchObject({ text: '{"pk":"T#1"}' })
})

test('a record that could not be read keeps its reason', () => {
  const problem = { reason: 'RaggedRow', detail: 'too few fields' } as const
  expect(recordMapper(segment())({ ordinal: 0, place, raw: 'x', problem })).toEqual({
    kind: 'quarantined',
    problem,
  })
})
