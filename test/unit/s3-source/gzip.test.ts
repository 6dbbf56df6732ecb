import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { s3Source, type S3SourceOptions } from '../../../lambdas/shared/adapters/s3-source/s3-source.ts'
import { s3Delimited } from '../../../lambdas/shared/domain/definition/source.ts'
import { allRecords } from '../../support/source-records.ts'
import { startS3, testBucket, type S3Server } from '../../support/s3-server.ts'

const spec = s3Delimited({ at: 'export', prefix: '', record: z.unknown() })
// Digits that do not repeat, so that the packed object is larger than its head.
const text = `id\n${Array.from({ length: 60_000 }, (_, i) => `${(i * 2_654_435_761) % 4_294_967_291}\n`).join('')}`
const packed = gzipSync(text)

let server: S3Server
beforeAll(async () => {
  server = await startS3()
})
beforeEach(() => server.clear())
afterAll(() => server.stop())

const source = (options: Partial<S3SourceOptions> = {}) =>
  s3Source({ s3: server.s3, bucket: testBucket, spec, ...options })

describe('a gzip object', () => {
  test('is read whole, of any number of members, also with padding behind', async () => {
    const parts = [gzipSync(text.slice(0, 5)), gzipSync(text.slice(5)), gzipSync(''), Buffer.alloc(512)]
    await server.put('a.csv.gz', Buffer.concat(parts))
    expect(packed.length).toBeGreaterThan(64 * 1024)
    expect(await allRecords(source(), 1 << 17)).toHaveLength(60_000)
  })

  const damage: Record<string, Buffer> = {
    'that is cut off': packed.subarray(0, -20),
    'with a damaged middle': Buffer.concat([
      packed.subarray(0, 90_000),
      Buffer.from('??'),
      packed.subarray(90_002),
    ]),
    'with a wrong check sum': Buffer.concat([packed.subarray(0, -8), Buffer.alloc(4), packed.subarray(-4)]),
    'with something else behind it': Buffer.concat([packed, Buffer.from('id\n1\n')]),
    'that is no gzip': Buffer.from(text),
  }
  test.each(Object.entries(damage))('%s: GzipDamaged, naming it', async (_, bytes) => {
    await server.put('a.csv.gz', bytes)
    await expect(allRecords(source())).rejects.toMatchObject({
      name: 'GzipDamaged',
      message: expect.stringContaining('a.csv.gz') as unknown,
    })
  })

  test('beyond the size that is set: GzipTooLarge, at planning', async () => {
    await server.put('a.csv.gz', packed)
    const refusal = { name: 'GzipTooLarge', message: expect.stringContaining('without gzip') as unknown }
    await expect(source({ gzipBytes: packed.length - 1 }).list()).rejects.toMatchObject(refusal)
    expect(await source({ gzipBytes: packed.length }).list()).toHaveLength(1)
    await expect(allRecords(source({ unpackedBytes: text.length - 1 }))).rejects.toMatchObject(refusal)
    expect(await allRecords(source({ unpackedBytes: text.length }))).toHaveLength(60_000)
  })
})
