import { z } from 'zod'
import type { Slicing } from './definition/segment.ts'
import { sourceObject } from './manifest.ts'

/** What `survey-source` found, and `freeze-manifest` makes batches of. Its SHA-256 names the manifest. */
export const surveySchema = z.object({
  objects: z.array(sourceObject),
  batchBytes: z.int().positive(),
  chunkRecords: z.int().positive(),
})
export type Survey = z.infer<typeof surveySchema>

/** A thousand records: an undo chunk of some hundred kilobytes, and a second or less to load. */
const defaultChunkRecords = 1_000

export function chunkRecordsOf(slicing: Slicing): number {
  return slicing.chunkRecords ?? defaultChunkRecords
}

const recordsPerPartition = 131_072
const mostPartitions = 1024

/**
 * Partitions of the key index: a power of two, so that leading bits of a digest name one. One of them takes some 60
 * bytes of memory a record: 8 MB up to 134 million records, and 60 MB at a billion.
 */
export function partitionsFor(records: number): number {
  return Math.min(mostPartitions, 2 ** Math.ceil(Math.log2(Math.max(1, records / recordsPerPartition))))
}
