const defaultBatchBytes = 8 * 1024 * 1024
const leastBatchBytes = 4 * 1024
const fewestBatches = 50

/**
 * How much larger a gzip object is taken to be unpacked. Its batches are cut by unpacked bytes and each read of one
 * unpacks all before it, so the packed size would give far too many. Exports in text pack to a fifth or an eighth.
 */
const unpackedPerPacked = 6

/** Bytes of text in a source, as far as they can be told without unpacking it. */
export function textBytes(objects: readonly { readonly size: number; readonly gzip: boolean }[]): number {
  return objects.reduce((sum, { size, gzip }) => sum + (gzip ? unpackedPerPacked * size : size), 0)
}

/**
 * Bytes of source a batch: as wished (8 MiB by default), less where the source is small, so that a pilot of a
 * few per cent still is a sample; but 4 KiB at least, unless less is wished.
 */
export function batchBytesFor(totalBytes: number, wished: number = defaultBatchBytes): number {
  return Math.min(wished, Math.max(leastBatchBytes, Math.ceil(totalBytes / fewestBatches)))
}
