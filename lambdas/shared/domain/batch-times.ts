import type { BatchSeconds } from './evidence.ts'

/** Counts below this have a slot of their own; above, a slot is less than a 128th of what it holds. */
const exactBelow = 256
const slotBits = 8

/**
 * How long batches took, in slots of whole milliseconds that widen with the time (256 exact ones, then 128 for each
 * doubling): memory grows with the range of the times, never with their number. A percentile is the upper end of its
 * slot, so it is never too small, and less than 0.8 % too large.
 */
export class BatchTimes {
  private readonly slots = new Map<number, number>()
  private count = 0
  private longest = 0

  add(milliseconds: number): void {
    const end = slotEnd(milliseconds)
    this.slots.set(end, (this.slots.get(end) ?? 0) + 1)
    this.count += 1
    this.longest = Math.max(this.longest, milliseconds)
  }

  /** In seconds, by nearest rank; nothing where no batch was timed. */
  result(): BatchSeconds | undefined {
    if (this.count === 0) return undefined
    const at = (percent: number) =>
      Math.min(this.longest, this.ofRank(Math.ceil((percent / 100) * this.count))) / 1000
    return { p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: this.longest / 1000 }
  }

  private ofRank(rank: number): number {
    let seen = 0
    for (const [end, count] of [...this.slots].sort(([a], [b]) => a - b)) {
      seen += count
      if (seen >= rank) return end
    }
    return this.longest
  }
}

/** The last millisecond of the slot that holds this one; whole numbers alone, so that every machine agrees. */
function slotEnd(milliseconds: number): number {
  if (milliseconds < exactBelow) return milliseconds
  const width = 2 ** (milliseconds.toString(2).length - slotBits)
  return (Math.floor(milliseconds / width) + 1) * width - 1
}
