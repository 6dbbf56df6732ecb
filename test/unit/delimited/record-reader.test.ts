import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Delimited } from '../../../lambdas/shared/domain/definition/source.ts'
import { objectOf, readWhole, sliceAt, readSlices } from '../../support/split.ts'

type Options = Partial<Parameters<typeof s3Delimited>[0]>

async function read(
  text: string | Buffer,
  options: Options = {},
  limits?: { recordBytes: number; rawBytes: number },
) {
  const spec = s3Delimited({ at: 'export', prefix: '', record: z.unknown(), header: ['a', 'b'], ...options })
  const bytes = Buffer.from(text)
  const object = objectOf(spec, bytes)
  return object ? readWhole(spec, object, bytes, 3, limits) : []
}

const outcome = (records: Awaited<ReturnType<typeof read>>) =>
  records.map((record) => ('fields' in record ? record.fields : record.problem.reason))

describe('fields', () => {
  test('the null token is null only where it is not quoted', async () => {
    expect(outcome(await read('NULL,"NULL"\n,""\n', { nullToken: 'NULL' }))).toEqual([
      { a: null, b: 'NULL' },
      { a: '', b: '' },
    ])
    expect(outcome(await read(',""\n', { nullToken: '' }))).toEqual([{ a: null, b: '' }])
  })

  test('a column may be called __proto__', async () => {
    const [fields] = outcome(await read('x,y\n', { header: ['__proto__', 'b'] }))
    expect(Object.entries(fields ?? {})).toEqual([
      ['__proto__', 'x'],
      ['b', 'y'],
    ])
  })

  test('the empty line of a file with one column is no record, a quoted empty field is', async () => {
    expect(outcome(await read('1\n\n""\n', { header: ['a'] }))).toEqual([{ a: '1' }, { a: '' }])
  })

  test('another delimiter and quote, one of which a regular expression would take for its own', async () => {
    expect(outcome(await read("'a|''b'|.*\n", { delimiter: '|', quote: "'" }))).toEqual([
      { a: "a|'b", b: '.*' },
    ])
  })
})

describe('text that is not as declared', () => {
  test('Latin-1 is read as it is', async () => {
    const bytes = Buffer.from('é,\u0080"\n', 'latin1')
    expect(outcome(await read(bytes, { encoding: 'latin1' }))).toEqual([{ a: 'é', b: '\u0080"' }])
  })

  test('what is not UTF-8 is named, record by record, with its bytes kept', async () => {
    const bytes = Buffer.concat([Buffer.from('1,2\n'), Buffer.from('é,2\n', 'latin1'), Buffer.from('é,4\n')])
    const records = await read(bytes)
    expect(outcome(records)).toEqual([{ a: '1', b: '2' }, 'InvalidEncoding', { a: 'é', b: '4' }])
    expect(records[1]?.raw).toBe('é,2')
  })

  test('surrogates in UTF-8 and overlong forms are not UTF-8', async () => {
    expect(outcome(await read(Buffer.from('eda080,'.replace(',', '2c') + '0ac0802c0a', 'hex')))).toEqual([
      'InvalidEncoding',
      'InvalidEncoding',
    ])
  })
})

describe('a record beyond the limits', () => {
  const limits = { recordBytes: 10, rawBytes: 4 }

  test('is named, its beginning kept, and the next one read', async () => {
    const records = await read('1,123456789\n"1\n3","€"\n12345,7890\n5,6\n', {}, limits)
    expect(outcome(records)).toEqual([
      'RecordTooLong',
      'RecordTooLong',
      { a: '12345', b: '7890' },
      { a: '5', b: '6' },
    ])
    expect(records.map(({ raw, place }) => [raw, place.line, place.byte])).toEqual([
      ['1,12', 1, 0],
      ['"1\n3', 2, 12],
      ['12345,7890', 4, 24],
      ['5,6', 5, 35],
    ])
  })

  test('an unterminated quote keeps its beginning too, whole characters of it', async () => {
    const records = await read('1,2\n"a€,\n3,4', {}, { recordBytes: 100, rawBytes: 4 })
    expect(outcome(records)).toEqual([{ a: '1', b: '2' }, 'UnterminatedQuote'])
    expect(records[1]?.raw).toBe('"a')
  })

  test('that is the last of its slice is not read to its end', async () => {
    const spec = s3Delimited({ at: 'export', prefix: '', record: z.unknown(), header: ['a'] })
    const bytes = Buffer.from(`1\n"${'x'.repeat(1000)}`)
    const object = objectOf(spec, bytes)
    if (!object) throw new Error('an object expected')
    const sizes = { blockBytes: 2000, batchBytes: 2000, chunk: 100 }
    const [slice] = await sliceAt(spec, object, bytes, [], sizes)
    if (!slice) throw new Error('a slice expected')
    // Bytes that are not there cannot be asked for.
    const beginning = Buffer.concat([bytes.subarray(0, 20), Buffer.alloc(982, '\n')])
    expect(outcome(await readSlices(spec, beginning, [slice], 20, limits))).toEqual([
      { a: '1' },
      'RecordTooLong',
    ])
  })
})
