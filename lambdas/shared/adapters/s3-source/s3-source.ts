import type { S3Client } from '@aws-sdk/client-s3'
import type { SourceSpec } from '../../domain/definition/source.ts'
import { machineOf } from '../../domain/delimited/dialect.ts'
import type { SourceObject } from '../../domain/manifest.ts'
import { readRecords } from '../../domain/reading/record-reader.ts'
import { scanBlocks } from '../../domain/slicing/scan-blocks.ts'
import type { Source } from '../../ports/source.ts'
import { byteWindow } from './byte-window.ts'
import { gunzip } from './gunzip.ts'
import { gzipTooLarge, takeInventory } from './inventory.ts'
import { hasContent, listPrefix, requireAny } from './listing.ts'
import { readPinned } from './pinned-object.ts'

export interface S3SourceOptions {
  readonly s3: S3Client
  readonly bucket: string
  readonly spec: SourceSpec
  /** Largest packed gzip object. Each of its batches unpacks it from its beginning. Default 256 MiB. */
  readonly gzipBytes?: number
  /** Largest unpacked gzip object. Default 8 GiB. */
  readonly unpackedBytes?: number
  /** Milliseconds before a read that broke off goes on; doubles while no byte arrives. Default 100. */
  readonly retryPauseMs?: number
}

const defaultGzipBytes = 256 * 1024 * 1024
const defaultUnpackedBytes = 8 * 1024 * 1024 * 1024

/** Delimited text or NDJSON in S3, plain or gzip. A gzip object is scanned whole, whatever range is asked for. */
export function s3Source(options: S3SourceOptions): Source {
  const { s3, bucket, spec, retryPauseMs = 100 } = options
  const { gzipBytes = defaultGzipBytes, unpackedBytes = defaultUnpackedBytes } = options
  const at = { s3, bucket, retryPauseMs }

  const unpacked = (object: SourceObject, signal?: AbortSignal) =>
    gunzip(readPinned(at, object, 0, object.size, signal), object.key)

  async function* bounded(object: SourceObject): AsyncGenerator<Buffer> {
    let bytes = 0
    for await (const chunk of unpacked(object)) {
      bytes += chunk.length
      if (bytes > unpackedBytes) throw gzipTooLarge(object.key, 'is too large when unpacked', unpackedBytes)
      yield chunk
    }
  }

  return {
    check: () => requireAny(at, spec.prefix),

    find: async () => (await listPrefix(at, spec.prefix)).filter(hasContent),

    list: () => takeInventory(at, spec, gzipBytes),

    scan(object, start, end, blockBytes) {
      const options = { machine: machineOf(spec), blockBytes, bodyByte: object.body?.byte ?? 0 }
      if (object.gzip) return scanBlocks(bounded(object), { ...options, start: 0, end: undefined })
      // One byte more: a CR at the range's end means what the byte after it says.
      const bytes = readPinned(at, object, start, Math.min(end + 1, object.size))
      return scanBlocks(bytes, { ...options, start, end })
    },

    read(slice, from = { ordinal: 0, byte: slice.start, line: slice.line }, signal) {
      const { object } = slice
      const bytes = object.gzip
        ? byteWindow(unpacked(object, signal), from.byte, slice.end)
        : readPinned(at, object, from.byte, slice.end, signal)
      return readRecords(bytes, spec, slice, from)
    },
  }
}
