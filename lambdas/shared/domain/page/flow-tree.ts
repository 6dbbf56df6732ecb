import { total, type Ledger } from '../ledger.ts'

/** A part of the ledger, and what it consists of. Parts of nothing are left out. */
export interface FlowPart {
  readonly name: string
  readonly count: number
  readonly colour: string
  readonly isReason: boolean
  readonly parts: readonly FlowPart[]
}

/** Reasons drawn one by one; the table beside the picture lists all. */
const mostReasons = 4

/** The ledger as a tree. What it does not account for is a part of its own, so that the picture never hides a gap. */
export function flowTree(ledger: Ledger, loads: boolean): FlowPart {
  const written = [
    part('loaded', ledger.loaded, 'pass'),
    part('unchanged', ledger.unchanged, 'calm'),
    part('conflicted', ledger.conflicted, 'breach'),
  ]
  const sorted = [
    part('mapped', ledger.mapped, 'flow', loads ? accountedFor(ledger.mapped, written, 'mapped') : []),
    part('filtered', total(ledger.filtered), 'grey', reasons(ledger.filtered, 'grey')),
    part('quarantined', total(ledger.quarantined), 'fail', reasons(ledger.quarantined, 'fail')),
  ]
  return part('extracted', ledger.extracted, 'flow', accountedFor(ledger.extracted, sorted, 'extracted'))
}

function part(name: string, count: number, colour: string, parts: readonly FlowPart[] = []): FlowPart {
  return { name, count, colour, isReason: false, parts: parts.filter((one) => one.count > 0) }
}

function accountedFor(count: number, parts: readonly FlowPart[], of: string): FlowPart[] {
  const missing = count - parts.reduce((sum, one) => sum + one.count, 0)
  return missing > 0 ? [...parts, part(`${of}, then lost`, missing, 'breach')] : [...parts]
}

function reasons(counts: Readonly<Record<string, number>>, colour: string): FlowPart[] {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a)
  const shown = sorted.length > mostReasons ? sorted.slice(0, mostReasons - 1) : sorted
  const others = sorted.slice(shown.length)
  const rest = others.reduce((sum, [, count]) => sum + count, 0)
  const all = rest > 0 ? [...shown, [`${others.length} other reasons`, rest] as const] : shown
  return all.map(([name, count]) => ({ ...part(name, count, colour), isReason: true }))
}
