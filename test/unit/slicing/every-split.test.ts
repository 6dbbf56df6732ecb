import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Delimited, type S3Delimited } from '../../../lambdas/shared/domain/definition/source.ts'
import type { RecordLimits } from '../../../lambdas/shared/domain/reading/limits.ts'
import { recordsByLibrary } from '../../support/csv-oracle.ts'
import { awkwardFiles } from './awkward-files.ts'
import { inRanges, points, type Found } from './in-ranges.ts'

const at = { at: 'x', prefix: '', record: z.unknown() }
const csv = s3Delimited(at)

/** What csv-parse finds in the whole. */
function whole(spec: S3Delimited, bytes: Buffer, limits?: RecordLimits): Found {
  const last = recordsByLibrary(spec, bytes).at(-1)
  const open = last?.reason === 'UnterminatedQuote' ? { byte: last.byte, line: last.line } : undefined
  return { records: recordsByLibrary(spec, bytes, limits), open }
}

async function expectSameAtEveryPoint(spec: S3Delimited, bytes: Buffer) {
  const expected = whole(spec, bytes)
  for (const cut of [0, ...points(bytes)]) {
    expect(await inRanges(spec, bytes, [cut]), `cut at ${cut}`).toEqual(expected)
  }
}

describe.each(Object.entries(awkwardFiles))('a file with: %s', (_, content) => {
  const bytes = Buffer.from(content)
  const expected = whole(csv, bytes)

  test('gives what csv-parse gives, wherever it is split', () => expectSameAtEveryPoint(csv, bytes))

  test('and wherever it is split twice', async () => {
    // All pairs of a small file, and of a large one those at every stride.
    const stride = 1 + Math.floor(bytes.length / 60)
    for (const one of points(bytes)) {
      for (let other = one + 1; other < bytes.length; other += stride) {
        expect(await inRanges(csv, bytes, [one, other]), `cut at ${one} and ${other}`).toEqual(expected)
      }
    }
  })

  test('and in blocks, batches and network chunks of any small size', async () => {
    for (const blockBytes of [1, 2, 3, 5, 16]) {
      for (const chunk of [1, 2, 3, 64]) {
        for (const batchBytes of [1, 10, 1000]) {
          const sizes = { blockBytes, batchBytes, chunk }
          expect(await inRanges(csv, bytes, [], sizes), JSON.stringify(sizes)).toEqual(expected)
        }
      }
    }
  })
})

test('every file of up to five bytes that mean something gives what csv-parse gives, wherever it is split', async () => {
  let files = 0
  for (const body of texts(['a', '"', ',', '\n', '\r'], 5)) {
    const bytes = Buffer.from(`x,y\n${body}`)
    await expectSameAtEveryPoint(csv, bytes)
    files += 1
  }
  expect(files).toBe((5 ** 6 - 1) / 4)
})

function* texts(letters: readonly string[], longest: number): Generator<string> {
  yield ''
  if (longest === 0) return
  for (const rest of texts(letters, longest - 1)) for (const letter of letters) yield rest + letter
}

/** Delimiter, quote and null token of exports that are about. */
const dialects = [
  csv,
  s3Delimited({ ...at, delimiter: ';', nullToken: '\\N' }),
  s3Delimited({ ...at, delimiter: '\t', quote: "'", nullToken: '' }),
  s3Delimited({ ...at, delimiter: '|', quote: '\u0001', nullToken: 'NULL' }),
]
const sizes = fc.record({
  blockBytes: fc.integer({ min: 1, max: 40 }),
  batchBytes: fc.integer({ min: 1, max: 80 }),
  chunk: fc.integer({ min: 1, max: 30 }),
})

describe.each(dialects.map((spec) => [JSON.stringify([spec.delimiter, spec.quote]), spec] as const))(
  'delimiter and quote %s',
  (_, spec) => {
    const { delimiter, quote, nullToken = 'NULL' } = spec
    const letters = ['a', 'é', '😀', '\r', '\n', '\r\n', delimiter, quote, quote + quote, nullToken]
    const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 })
    const quoted = text.map((value) => `${quote}${value.replaceAll(quote, quote + quote)}${quote}`)
    const plain = text.map((value) => value.replaceAll(/[\r\n]/g, ' ').replaceAll(delimiter, '.'))
    const row = fc.array(fc.oneof(quoted, plain), { minLength: 1, maxLength: 4 })
    const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\n')
    /** Mostly as an export is written: rows of quoted and plain fields, now and then ragged, stray or unclosed. */
    const written = fc
      .record({
        bom: fc.boolean(),
        rows: fc.array(fc.tuple(row, lineEnd), { maxLength: 12 }),
        cut: fc.nat(3),
      })
      .map(({ bom, rows, cut }) => {
        const body = rows.map(([cells, end]) => `${cells.join(delimiter)}${end}`).join('')
        return Buffer.from(`${bom ? '\ufeff' : ''}x${delimiter}y\n${body.slice(0, body.length - cut)}`)
      })
    /** No export, but bytes that mean something, in any order. */
    const wild = fc
      .array(fc.constantFrom(...letters.map((one) => Buffer.from(one)), Buffer.of(0), Buffer.of(0xe9)), {
        maxLength: 30,
      })
      .map((parts) => Buffer.concat([Buffer.from(`x${delimiter}y\n`), ...parts]))
    const cuts = fc.array(fc.nat(400), { maxLength: 12 })

    test('any file gives what csv-parse gives, in any ranges, blocks, batches and chunks', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(written, wild), cuts, sizes, async (bytes, all, size) => {
          const ranges = all.filter((cut) => cut < bytes.length)
          expect(await inRanges(spec, bytes, ranges, size)).toEqual(whole(spec, bytes))
        }),
        { numRuns: 1000 },
      )
    })

    test('any file gives it at every split', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(written, wild), (bytes) => expectSameAtEveryPoint(spec, bytes)),
        { numRuns: 100 },
      )
    })

    test('records that are too long are named alike', async () => {
      const limits = fc.record({
        recordBytes: fc.integer({ min: 1, max: 20 }),
        rawBytes: fc.constantFrom(1, 3),
      })
      await fc.assert(
        fc.asyncProperty(fc.oneof(written, wild), cuts, sizes, limits, async (bytes, all, size, few) => {
          const ranges = all.filter((cut) => cut < bytes.length)
          const rawBytes = Math.min(few.rawBytes, few.recordBytes)
          const most = { recordBytes: few.recordBytes, rawBytes }
          expect(await inRanges(spec, bytes, ranges, { ...size, limits: most })).toEqual(
            whole(spec, bytes, most),
          )
        }),
        { numRuns: 500 },
      )
    })
  },
)
