import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { s3Delimited, s3Ndjson } from '../../../lambdas/shared/domain/definition/source.ts'
import { z } from 'zod'
import { objectOf, readSlices, readWhole, sliceAt } from '../../support/split.ts'
import { awkwardFiles, brokenFiles } from './awkward-files.ts'

const spec = s3Delimited({ at: 'x', prefix: '', record: z.unknown() })
const ndjson = s3Ndjson({ at: 'x', prefix: '', record: z.unknown() })

/** What an established library finds, with the place of each record by definition rather than by its count. */
function oracle(bytes: Buffer): { fields: unknown; byte: number; line: number }[] {
  const ends: number[] = []
  const rows: string[][] = parse(bytes, {
    bom: true,
    delimiter: ',',
    quote: '"',
    record_delimiter: ['\r\n', '\n'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    on_record: (row: string[], { bytes: end }) => {
      ends.push(end)
      return row
    },
  })
  const [names = []] = rows
  return rows.slice(1).map((row, index) => {
    const byte = skipBlank(bytes, ends[index] ?? 0)
    const line = 1 + bytes.subarray(0, byte).filter((code) => code === 10).length
    return { fields: Object.fromEntries(names.map((name, at) => [name, row[at]])), byte, line }
  })
}

function skipBlank(bytes: Buffer, from: number): number {
  if (bytes[from] === 10) return skipBlank(bytes, from + 1)
  return bytes[from] === 13 && bytes[from + 1] === 10 ? skipBlank(bytes, from + 2) : from
}

/** Cuts the file at every byte, and scans it in blocks of every small size. */
async function expectSameAtEverySplit(bytes: Buffer, source: typeof spec | typeof ndjson) {
  const object = objectOf(source, bytes)
  if (object === undefined) return
  const whole = await readWhole(source, object, bytes, 1 << 16)
  for (let cut = 1; cut < bytes.length; cut++) {
    const sizes = { blockBytes: 1 << 20, batchBytes: 1, chunk: 1 + (cut % 7) }
    const slices = await sliceAt(source, object, bytes, [cut], sizes)
    expect(await readSlices(source, bytes, slices, sizes.chunk), `cut at ${cut}`).toEqual(whole)
    expect(slices.length).toBeLessThanOrEqual(2)
  }
  for (const blockBytes of [1, 2, 3, 5, 16]) {
    const slices = await sliceAt(source, object, bytes, [], { blockBytes, batchBytes: 1, chunk: 4 })
    expect(await readSlices(source, bytes, slices, 3), `blocks of ${blockBytes}`).toEqual(whole)
  }
}

describe('an awkward file, cut at every byte', () => {
  test.each(Object.entries(awkwardFiles))('%s', async (_, text) => {
    const bytes = Buffer.from(text)
    const object = objectOf(spec, bytes)
    const whole = object ? await readWhole(spec, object, bytes, 5) : []
    expect(
      whole.map((record) => ({
        fields: 'fields' in record ? record.fields : record,
        byte: record.place.byte,
        line: record.place.line,
      })),
    ).toEqual(oracle(bytes))
    await expectSameAtEverySplit(bytes, spec)
  })

  test.each(Object.entries(brokenFiles))('%s', async (_, text) => {
    await expectSameAtEverySplit(Buffer.from(text.replaceAll('\u0001', '\u00ff'), 'latin1'), spec)
  })

  test('an empty file, and one of blank lines, hold nothing', () => {
    expect(objectOf(spec, Buffer.alloc(0))).toBeUndefined()
    expect(objectOf(spec, Buffer.from('\n\r\n'))).toBeUndefined()
  })
})

const quotedField = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é'), maxLength: 6 })
const plainField = fc
  .string({ unit: fc.constantFrom('b', '"', '\r', '€', ' '), maxLength: 5 })
  // A CR before the line's end would be part of it, and a line of nothing but that is blank.
  .filter((text) => !text.startsWith('"') && !text.includes('\r'))
const field = fc.oneof(
  quotedField.map((value) => `"${value.replaceAll('"', '""')}"`),
  plainField,
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\n')
const file = fc
  .record({
    bom: fc.boolean(),
    rows: fc.array(fc.tuple(field, field, lineEnd), { maxLength: 5 }),
    isEnded: fc.boolean(),
  })
  .map(({ bom, rows, isEnded }) => {
    const text = `${bom ? '\ufeff' : ''}x,y\n${rows.map(([a, b, end]) => `${a},${b}${end}`).join('')}`
    return Buffer.from(isEnded ? text : text.trimEnd())
  })

test('any valid file gives what csv-parse gives, at every split', async () => {
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      const object = objectOf(spec, bytes)
      const whole = object ? await readWhole(spec, object, bytes, 3) : []
      expect(whole.map((record) => ('fields' in record ? record.fields : record))).toEqual(
        oracle(bytes).map(({ fields }) => fields),
      )
      await expectSameAtEverySplit(bytes, spec)
    }),
    { numRuns: 60 },
  )
})

const anyBytes = fc
  .array(fc.constantFrom(...Buffer.from('"",,\n\n\r\rab'), 0xc3, 0xa9, 0xff), { maxLength: 40 })
  .map((bytes) => Buffer.from([...Buffer.from('x,y\n'), ...bytes]))

test('any bytes at all give the same at every split', async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, (bytes) => expectSameAtEverySplit(bytes, spec)),
    { numRuns: 150 },
  )
})

test('any lines of NDJSON give the same at every split', async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, (bytes) => expectSameAtEverySplit(bytes, ndjson)),
    { numRuns: 80 },
  )
})

test('any number of ranges, in any blocks and batches, gives the same', async () => {
  const sizes = fc.record({
    blockBytes: fc.integer({ min: 1, max: 20 }),
    batchBytes: fc.integer({ min: 1, max: 30 }),
    chunk: fc.integer({ min: 1, max: 9 }),
  })
  await fc.assert(
    fc.asyncProperty(anyBytes, fc.array(fc.nat(43), { maxLength: 6 }), sizes, async (bytes, points, size) => {
      const object = objectOf(spec, bytes)
      if (object === undefined) return
      const cuts = points.filter((point) => point < bytes.length)
      const slices = await sliceAt(spec, object, bytes, cuts, size)
      expect(await readSlices(spec, bytes, slices, size.chunk)).toEqual(
        await readWhole(spec, object, bytes, 50),
      )
      const limits = { recordBytes: 5, rawBytes: 3 }
      expect(await readSlices(spec, bytes, slices, size.chunk, limits)).toEqual(
        await readWhole(spec, object, bytes, 50, limits),
      )
    }),
    { numRuns: 600 },
  )
})
