import { parse } from 'csv-parse/sync'
import { cities } from '../../migrations/cities/cities.ts'
import { machineOf } from '../../lambdas/shared/domain/delimited/dialect.ts'
import { headBytes, readHead } from '../../lambdas/shared/domain/delimited/object-head.ts'
import { recordMapper } from '../../lambdas/shared/domain/mapping/record-mapper.ts'
import { ProfileBuilder } from '../../lambdas/shared/domain/profile/profile-builder.ts'
import { profiledColumns } from '../../lambdas/shared/domain/profile/profiled-columns.ts'
import { readRecords } from '../../lambdas/shared/domain/reading/record-reader.ts'
import { scanBlocks } from '../../lambdas/shared/domain/slicing/scan-blocks.ts'

/** Answers how many records it has come across. */
export type Measure = () => Promise<number>

const networkBytes = 64 * 1024

/** What all others are compared with: an established parser, on the same bytes, giving the same fields. */
export const reference = 'csv-parse'

/** Ways through the same file, by name; each does more than the one before. */
export function measuresOf(bytes: Buffer): Readonly<Record<string, Measure>> {
  const { source } = cities
  if (source.kind !== 's3-delimited') throw new Error('the demo reads delimited text')
  const key = 'cities/cities.csv'
  const head = readHead(source, key, bytes.subarray(0, headBytes), false)
  const start = head?.body?.byte ?? 0
  const object = { key, size: bytes.length, etag: '"1"', gzip: false, ...head }
  const slice = { object, start, end: bytes.length, line: 2, records: Number.MAX_SAFE_INTEGER }
  const records = () =>
    readRecords(chunksOf(bytes, start), source, slice, { ordinal: 0, byte: start, line: 2 })
  const mapper = recordMapper(cities)

  return {
    [reference]: async () =>
      parse(bytes, { delimiter: source.delimiter, columns: true, relax_column_count: true }).length,
    scan: async () => {
      const options = { machine: machineOf(source), start: 0, end: bytes.length, blockBytes: 8 * 1024 * 1024 }
      const { blocks } = await scanBlocks(chunksOf(bytes, 0), { ...options, bodyByte: start })
      return blocks.reduce((sum, { outcomes }) => sum + (outcomes[0]?.records ?? 0), 0)
    },
    read: async () => {
      let count = 0
      for await (const _record of records()) count += 1
      return count
    },
    'read and profile': async () => {
      const profile = new ProfileBuilder(profiledColumns(cities), object.names)
      for await (const record of records()) profile.see(record)
      return profile.result().records
    },
    'read and map': async () => {
      let count = 0
      for await (const record of records()) if (mapper(record).kind !== undefined) count += 1
      return count
    },
  }
}

async function* chunksOf(bytes: Buffer, from: number): AsyncGenerator<Buffer> {
  for (let at = from; at < bytes.length; at += networkBytes) yield bytes.subarray(at, at + networkBytes)
}
