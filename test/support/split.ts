import type { SourceSpec } from '../../lambdas/shared/domain/definition/source.ts'
import { machineOf } from '../../lambdas/shared/domain/delimited/dialect.ts'
import { readHead } from '../../lambdas/shared/domain/delimited/object-head.ts'
import type { Slice, SourceObject } from '../../lambdas/shared/domain/manifest.ts'
import { recordLimits, type RecordLimits } from '../../lambdas/shared/domain/reading/limits.ts'
import { readRecords } from '../../lambdas/shared/domain/reading/record-reader.ts'
import { resolve, type Resolved } from '../../lambdas/shared/domain/slicing/resolve.ts'
import { scanBlocks } from '../../lambdas/shared/domain/slicing/scan-blocks.ts'
import type { SourceRecord } from '../../lambdas/shared/domain/source-record.ts'

/** A record whatever batch it is in. */
export type PlacedRecord = DistributiveOmit<SourceRecord, 'ordinal'>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** An object as `list` would describe it. */
export function objectOf(spec: SourceSpec, bytes: Buffer): SourceObject {
  const head = readHead(spec, 'file', bytes, true)
  return { key: 'file', size: bytes.length, etag: '"e"', gzip: false, ...head }
}

/** Chunks of `size` bytes, so that every boundary between two of them is met. */
async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** All in bytes; `chunk` is what arrives from the network at once. */
export interface Sizes {
  readonly blockBytes: number
  readonly batchBytes: number
  readonly chunk: number
}

/** Scans the ranges between the cuts, each on its own, and composes them. */
export async function resolveAt(
  spec: SourceSpec,
  object: SourceObject,
  bytes: Buffer,
  cuts: readonly number[],
  { blockBytes, batchBytes, chunk }: Sizes,
): Promise<Resolved> {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
  const ranges = edges.slice(1).map((end, index) => ({ start: edges[index] ?? 0, end }))
  const scans = await Promise.all(
    ranges
      .filter(({ start, end }) => start < end)
      .map(({ start, end }) =>
        scanBlocks(chunksOf(bytes.subarray(start, end + 1), chunk), {
          machine: machineOf(spec),
          start,
          end,
          blockBytes,
          bodyByte: object.body?.byte ?? 0,
        }),
      ),
  )
  return resolve(object, scans.toReversed(), batchBytes)
}

/** All records of the slices in order, without their ordinals, which count within a batch. */
export async function readSlices(
  spec: SourceSpec,
  bytes: Buffer,
  slices: readonly Slice[],
  chunk: number,
  limits: RecordLimits = recordLimits,
): Promise<PlacedRecord[]> {
  const all: PlacedRecord[] = []
  for (const slice of slices) {
    let ordinal = 0
    const from = { ordinal: 0, byte: slice.start, line: slice.line }
    const chunks = chunksOf(bytes.subarray(slice.start, slice.end), chunk)
    for await (const record of readRecords(chunks, spec, slice, from, limits)) {
      if (record.ordinal !== ordinal++) throw new Error(`ordinal ${record.ordinal} out of order`)
      all.push(placed(record))
    }
    if (ordinal !== slice.records) throw new Error(`slice says ${slice.records} records, has ${ordinal}`)
  }
  return all
}

/** The object as one slice, whose count of records nobody knows. */
export async function readWhole(
  spec: SourceSpec,
  object: SourceObject,
  bytes: Buffer,
  chunk: number,
  limits: RecordLimits = recordLimits,
): Promise<PlacedRecord[]> {
  const from = { ordinal: 0, byte: object.body?.byte ?? 0, line: object.body?.line ?? 1 }
  const slice = { object, start: from.byte, end: bytes.length, line: from.line, records: Infinity }
  const all: PlacedRecord[] = []
  const chunks = chunksOf(bytes.subarray(from.byte), chunk)
  for await (const record of readRecords(chunks, spec, slice, from, limits)) all.push(placed(record))
  return all
}

function placed({ ordinal: _, ...record }: SourceRecord): PlacedRecord {
  return record
}
