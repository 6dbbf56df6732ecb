const defaultBatchBytes = 8 * 1024 * 1024
const leastBatchBytes = 4 * 1024
const fewestBatches = 50

/**
 * Bytes of source a batch: as wished (8 MiB by default), less where the source is small, so that a pilot of a
 * few per cent still is a sample; but 4 KiB at least, unless less is wished.
 */
export function batchBytesFor(totalBytes: number, wished: number = defaultBatchBytes): number {
  return Math.min(wished, Math.max(leastBatchBytes, Math.ceil(totalBytes / fewestBatches)))
}
