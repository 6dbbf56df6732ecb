import { z } from 'zod'

/** A source object as it was when the manifest was planned. */
export const sourceObject = z.object({
  key: z.string(),
  size: z.int().nonnegative(),
  etag: z.string(),
  /** Where the bucket keeps versions; else the ETag alone pins the object. */
  version: z.string().optional(),
  gzip: z.boolean(),
  /** Names of the fields, for delimited text: the header row's, else the definition's. */
  names: z.array(z.string()).optional(),
  /** Where the records begin, behind a BOM and a header row; by default at the object's beginning. */
  body: z.object({ byte: z.int().nonnegative(), line: z.int().positive() }).optional(),
})
export type SourceObject = z.infer<typeof sourceObject>

/**
 * A batch's slice: whole records of one object, by byte range. Planning has resolved where records begin,
 * so that a reader needs nothing from outside the range. Gzip objects are measured unpacked.
 */
export const slice = z.object({
  object: sourceObject,
  start: z.int().nonnegative(),
  end: z.int().positive(),
  /** Line of the first record, from 1. */
  line: z.int().positive(),
  records: z.int().nonnegative(),
})
export type Slice = z.infer<typeof slice>

/** One line of the manifest. */
export const manifestBatch = z.object({ batch: z.string(), slice })
export type ManifestBatch = z.infer<typeof manifestBatch>

/** What a frozen manifest says of itself; its batches are `archive://manifests/<segment>/<id>/<batch>.json`. */
export const manifestHeader = z.object({
  /** SHA-256 of the objects' pins and the slicing: the same source gives the same manifest. */
  id: z.string(),
  segment: z.string(),
  /** Digest of the source's listing when it was planned; its objects are in the survey of the same id. */
  source: z.string(),
  batches: z.int().nonnegative(),
  records: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  chunkRecords: z.int().positive(),
  /** Partitions of the key index, a power of two. */
  partitions: z.int().positive(),
  /** Fingerprint of the definition that planned it. */
  fingerprint: z.string(),
})
export type ManifestHeader = z.infer<typeof manifestHeader>

/** Chunk numbers run from 0; chunk `n` holds the ordinals from n × chunkRecords. */
export function chunkCount(records: number, chunkRecords: number): number {
  return Math.ceil(records / chunkRecords)
}

/** All batches of a manifest, in order, with the source object that each is a slice of. */
const batchListing = z.object({ batch: z.string(), object: z.string(), records: z.int().nonnegative() })
export type BatchListing = z.infer<typeof batchListing>
export const batchList = z.array(batchListing)

const recordsPerRun = 131_072

/** The key index of a batch is written in runs of so many chunks: no function holds more of its keys than one run's. */
export function chunksPerRun(chunkRecords: number): number {
  return Math.max(1, Math.floor(recordsPerRun / chunkRecords))
}

export function indexRuns(records: number, chunkRecords: number): number {
  return Math.ceil(chunkCount(records, chunkRecords) / chunksPerRun(chunkRecords))
}
