import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Delimited } from '../../../lambdas/shared/domain/definition/source.ts'
import { readRecords } from '../../../lambdas/shared/domain/reading/record-reader.ts'
import { objectOf, readWhole, resolveAt, readSlices, type PlacedRecord } from '../../support/split.ts'

type Options = Partial<Parameters<typeof s3Delimited>[0]>

async function read(
  text: string | Buffer,
  options: Options = {},
  limits?: { recordBytes: number; rawBytes: number },
  chunk = 3,
) {
  const spec = s3Delimited({ at: 'export', prefix: '', record: z.unknown(), header: ['a', 'b'], ...options })
  const bytes = Buffer.from(text)
  return readWhole(spec, objectOf(spec, bytes), bytes, chunk, limits)
}

const outcome = (records: readonly PlacedRecord[]) =>
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
    const bytes = Buffer.from('\u00e9,\u00a0"\n', 'latin1')
    expect(outcome(await read(bytes, { encoding: 'latin1' }))).toEqual([{ a: '\u00e9', b: '\u00a0"' }])
  })

  test.each([
    ['UTF-8', Buffer.from('\u00e9,2\n'), /is UTF-8/],
    ['Windows-1252', Buffer.from('\u0080,2\n', 'latin1'), /Windows-1252/],
    ['a NUL byte', Buffer.from('1,\0\n'), /NUL/],
  ])('%s in a source that is declared as Latin-1 is named, with its bytes kept', async (_, line, why) => {
    const bytes = Buffer.concat([Buffer.from('1,2\n'), line, Buffer.from('3,4\n')])
    const records = await read(bytes, { encoding: 'latin1' })
    expect(outcome(records)).toEqual([{ a: '1', b: '2' }, 'InvalidEncoding', { a: '3', b: '4' }])
    expect(records[1]).toMatchObject({ problem: { detail: expect.stringMatching(why) as unknown } })
    expect(Buffer.from(records[1]?.raw ?? '', 'latin1')).toEqual(line.subarray(0, -1))
  })

  test('a NUL byte in UTF-8 is named, with the text kept', async () => {
    const records = await read('1,2\n\u20ac,\0\n')
    expect(outcome(records)).toEqual([{ a: '1', b: '2' }, 'InvalidEncoding'])
    expect(records[1]?.raw).toBe('\u20ac,\0')
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
    const sizes = { blockBytes: 2000, batchBytes: 2000, chunk: 100 }
    const [slice] = (await resolveAt(spec, object, bytes, [], sizes)).slices
    if (!slice) throw new Error('a slice expected')
    // Bytes that are not there cannot be asked for.
    const beginning = Buffer.concat([bytes.subarray(0, 20), Buffer.alloc(982, '\n')])
    expect(outcome(await readSlices(spec, beginning, [slice], 20, limits))).toEqual([
      { a: '1' },
      'RecordTooLong',
    ])
  })
})

describe('a file with a quote that is never closed, far larger than a record may be', () => {
  const mebibyte = 1024 * 1024
  const spec = s3Delimited({ at: 'export', prefix: '', record: z.unknown(), header: ['a', 'b'] })
  const object = objectOf(spec, Buffer.from('1,2\n'))
  let most = 0

  /** Each part is memory of its own, as it is from the network. */
  async function* parts(count: number): AsyncGenerator<Buffer> {
    yield Buffer.from('1,2\n3,"')
    for (let part = 0; part < count; part += 1) {
      yield Buffer.alloc(mebibyte / 4, 'x\n')
      most = Math.max(most, process.memoryUsage().arrayBuffers)
    }
    yield Buffer.from('"\n5,6\n')
  }

  test('is read in bounded memory, named once, and the record behind it is read', async () => {
    const count = 400
    const before = process.memoryUsage().arrayBuffers
    const from = { ordinal: 0, byte: 0, line: 1 }
    const slice = { object, start: 0, end: 4 + 3 + (count * mebibyte) / 4 + 6, line: 1, records: 3 }
    const records = await Array.fromAsync(readRecords(parts(count), spec, slice, from))
    expect(outcome(records)).toEqual([{ a: '1', b: '2' }, 'RecordTooLong', { a: '5', b: '6' }])
    expect(records[1]?.raw).toHaveLength(mebibyte)
    expect(records[2]?.place).toMatchObject({ byte: 4 + 3 + 100 * mebibyte + 2, line: 3 + 50 * mebibyte })
    expect((most - before) / mebibyte).toBeLessThan(80)
  })
})

test('a record of just 16 MiB is read', async () => {
  const text = 'x'.repeat(16 * 1024 * 1024 - 4)
  const records = await read(`${text},222\r\n"${text}",3\n${text},4444\n`, {}, undefined, 1 << 16)
  expect(outcome(records)).toEqual([{ a: text, b: '222' }, { a: text, b: '3' }, 'RecordTooLong'])
})
