import { LockgateError } from '../contract/errors.ts'
import type { Checkpoint } from '../domain/checkpoint.ts'
import type { SourceRecord } from '../domain/source-record.ts'
import type { ReadPosition, Source } from '../ports/source.ts'
import type { ClaimedBatch } from './batch-step.ts'

export interface SourceChunk {
  readonly chunk: number
  readonly records: readonly SourceRecord[]
  /** Where this chunk begins. */
  readonly start: ReadPosition
  /** What the checkpoint says once this chunk is done. */
  readonly progress: Checkpoint['progress']
}

/**
 * The records of a batch from some progress on, chunk by chunk; one is in memory at a time. @throws SourceChanged when the slice does not have the records that were planned.
 */
export async function* sourceChunks(
  source: Source,
  { slice, chunkRecords, chunks, at }: ClaimedBatch,
  from: Checkpoint['progress'],
  signal: AbortSignal,
): AsyncGenerator<SourceChunk> {
  let { chunk } = from
  if (chunk >= chunks) return
  let start = startOf(from, slice, chunkRecords)
  let records: SourceRecord[] = []
  for await (const record of source.read(slice, start, signal)) {
    if (records.length === chunkRecords) {
      const { byte, line } = record.place
      yield { chunk, records, start, progress: { chunk: chunk + 1, byte, line } }
      chunk += 1
      records = []
      start = { ordinal: chunk * chunkRecords, byte, line }
    }
    records.push(record)
  }
  const found = start.ordinal + records.length
  if (found !== slice.records) {
    const message = `batch ${at.batch} of ${at.segment} has ${found} records in ${slice.object.key}, and ${slice.records} were planned; put the planned object back`
    throw new LockgateError('SourceChanged', message)
  }
  yield { chunk, records, start, progress: { chunk: chunk + 1 } }
}

function startOf(
  { chunk, byte, line }: Checkpoint['progress'],
  slice: ClaimedBatch['slice'],
  chunkRecords: number,
): ReadPosition {
  if (chunk === 0) return { ordinal: 0, byte: slice.start, line: slice.line }
  if (byte === undefined || line === undefined)
    throw new Error(`the checkpoint does not say where chunk ${chunk} begins`)
  return { ordinal: chunk * chunkRecords, byte, line }
}
