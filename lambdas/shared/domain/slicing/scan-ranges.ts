import type { SourceObject } from '../manifest.ts'

/** Scanned by one function in some seconds, and 400 of them side by side for 100 GB. */
const rangeBytes = 256 * 1024 * 1024

/** How an object is divided for scanning. Gzip cannot be entered in the middle, and is one range. */
export function scanRanges(
  { size, gzip }: SourceObject,
  bytes = rangeBytes,
): { start: number; end: number }[] {
  if (gzip) return [{ start: 0, end: size }]
  return Array.from({ length: Math.ceil(size / bytes) }, (_, i) => ({
    start: i * bytes,
    end: Math.min(size, (i + 1) * bytes),
  }))
}
