const mebibyte = 1024 * 1024

/** Largest resident memory of any process of a function, in MiB, largest first; from bytes by function. */
export function peakMemoryMiB(bytes: Readonly<Record<string, number>>): Record<string, number> {
  const largestFirst = Object.entries(bytes).toSorted(([, a], [, b]) => b - a)
  return Object.fromEntries(
    largestFirst.map(([name, peak]) => [name, Math.round((10 * peak) / mebibyte) / 10]),
  )
}
