import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { s3Delimited } from '../../../lambdas/shared/domain/definition/source.ts'
import { batchBytesFor, textBytes } from '../../../lambdas/shared/domain/slicing/batch-bytes.ts'
import { machineOf } from '../../../lambdas/shared/domain/delimited/dialect.ts'
import { rangeScan } from '../../../lambdas/shared/domain/slicing/range-scan.ts'
import { resolve } from '../../../lambdas/shared/domain/slicing/resolve.ts'
import { scanBlocks } from '../../../lambdas/shared/domain/slicing/scan-blocks.ts'

const spec = s3Delimited({ at: 'export', prefix: '', record: z.unknown() })
const text = `id,text\n${Array.from({ length: 1000 }, (_, i) => `${1000 + i},abc\n`).join('')}`
const object = { key: 'k', size: text.length, etag: '"e"', gzip: false, body: { byte: 8, line: 2 } }

function scan(start: number, end: number, blockBytes: number) {
  const bytes = Buffer.from(text.slice(start, end + 1))
  return scanBlocks([bytes], { machine: machineOf(spec), start, end, blockBytes, bodyByte: 8 })
}

describe('slices', () => {
  test('are about as large as asked, and begin at records', async () => {
    const scans = await Promise.all([scan(0, 4500, 128), scan(4500, text.length, 128)])
    const { slices } = resolve(object, scans, 1000)
    expect(slices[0]).toEqual({
      object,
      start: 8,
      end: slices[1]?.start,
      line: 2,
      records: slices[0]?.records,
    })
    for (const [index, { start, end, line, records }] of slices.entries()) {
      expect((start - 8) % 9).toBe(0)
      expect(line).toBe(2 + (start - 8) / 9)
      expect(records).toBe((end - start) / 9)
      expect(start).toBe(index === 0 ? 8 : slices[index - 1]?.end)
      if (index < slices.length - 1) expect(Math.abs(end - start - 1000)).toBeLessThan(80)
    }
    expect(slices.at(-1)?.end).toBe(text.length)
  })

  test('are the same when a scan has been stored in between', async () => {
    const scans = [await scan(0, text.length, 100)]
    const stored = scans.map((one) => rangeScan.parse(JSON.parse(JSON.stringify(one))))
    expect(resolve(object, stored, 300)).toEqual(resolve(object, scans, 300))
  })

  test('blocks as large as the batches give one batch each', async () => {
    expect(resolve(object, [await scan(0, text.length, 1000)], 1000).slices).toHaveLength(9)
  })

  test('a gap between scans is refused', async () => {
    const [first, last] = await Promise.all([scan(0, 4000, 500), scan(4500, text.length, 500)])
    expect(() => resolve(object, [first, last], 1000)).toThrow(/do not join at byte 4000/)
    expect(() => resolve(object, [first], 1000)).toThrow(/end at byte 4000 of/)
  })
})

test('a batch is 8 MiB, or what gives a small source about 50 batches, or what is wished', () => {
  const mebibyte = 1024 * 1024
  expect(batchBytesFor(100 * 1024 * mebibyte)).toBe(8 * mebibyte)
  expect(batchBytesFor(50 * mebibyte)).toBe(mebibyte)
  expect(batchBytesFor(50 * mebibyte, 64 * mebibyte)).toBe(mebibyte)
  expect(batchBytesFor(1000)).toBe(4096)
  expect(batchBytesFor(50 * mebibyte, 1000)).toBe(1000)
})

test('a gzip object counts as what it is likely to be unpacked', () => {
  const objects = [
    { size: 1000, gzip: false },
    { size: 1000, gzip: true },
  ]
  expect(textBytes(objects)).toBe(7000)
})
