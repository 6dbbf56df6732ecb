import {
  keyEntries,
  keyIndexHeadBytes,
  keyIndexRange,
  partitionOf,
  readKeyIndexHead,
  type KeyEntry,
} from '../domain/key-index.ts'
import type { ObjectStore } from './object-store.ts'

/** Which part of a key index is wanted: partition `partition` of `partitions`. */
export interface KeyPartition {
  readonly partition: number
  readonly partitions: number
}

/**
 * The entries of one partition, sorted by digest, of an index that may itself have another number of
 * partitions. Nothing, when there is no such object: a batch that failed before its keys were known.
 */
export async function readKeyPartition(
  store: ObjectStore,
  key: string,
  wanted: KeyPartition,
  stored: number,
): Promise<Iterable<KeyEntry>> {
  const content = await store.get(key, { start: 0, end: keyIndexHeadBytes(stored) })
  if (!content) return []
  const head = readKeyIndexHead(content, stored)
  const first = Math.floor((wanted.partition * stored) / wanted.partitions)
  const last = Math.ceil(((wanted.partition + 1) * stored) / wanted.partitions) - 1
  const range = { start: keyIndexRange(head, first).start, end: keyIndexRange(head, last).end }
  if (range.start === range.end) return []
  const entries = keyEntries((await store.get(key, range)) ?? new Uint8Array())
  return entries.filter(({ digest }) => partitionOf(digest, wanted.partitions) === wanted.partition)
}
