import type { SourceObject, Slice } from '../domain/manifest.ts'
import type { ListedObject } from '../domain/source-change.ts'
import type { SourceRecord } from '../domain/source-record.ts'
import type { RangeScan } from '../domain/slicing/range-scan.ts'

/** Where reading goes on within a slice: the place of record `ordinal`. */
export interface ReadPosition {
  readonly ordinal: number
  readonly byte: number
  readonly line: number
}

/** One segment's source, as its definition describes it. */
export interface Source {
  /** That there is anything at all, empty objects included; quick, however much there is. @throws SourceMissing. */
  check(): Promise<void>

  /** The objects that have content, in order of their keys (by code point); none is opened. @throws SourceMissing. */
  find(): Promise<ListedObject[]>

  /**
   * The same, pinned by version or ETag, with their field names (the head of an object is read for that).
   * @throws SourceMissing, SourceEmpty, HeaderMismatch, EncodingMismatch, GzipTooLarge, GzipDamaged.
   */
  list(): Promise<SourceObject[]>

  /**
   * Scans the bytes [start, end) of an object without knowing whether it begins inside a quoted field: the
   * scan says what is there for each possibility. @throws SourceChanged.
   */
  scan(object: SourceObject, start: number, end: number, blockBytes: number): Promise<RangeScan>

  /**
   * The records of a slice in order; one that cannot be read comes with its problem, and reading goes on.
   * Memory is bounded by one record and the network's buffers. @throws SourceChanged.
   */
  read(slice: Slice, from?: ReadPosition, signal?: AbortSignal): AsyncIterable<SourceRecord>
}
