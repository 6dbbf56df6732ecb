import { noOpenEnds, total, type Ledger } from '../ledger.ts'

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

/**
 * The ledger as a tree. What failed batches left open, and what nothing accounts for, are parts of their own, so that
 * the picture never hides a gap.
 */
export function flowTree(ledger: Ledger, loads: boolean, failed = noOpenEnds): FlowPart {
  const written = [
    part('loaded', ledger.loaded, 'pass'),
    part('unchanged', ledger.unchanged, 'calm'),
    part('conflicted', ledger.conflicted, 'breach'),
  ]
  const sorted = [
    part(
      'mapped',
      ledger.mapped,
      'flow',
      loads ? accountedFor(ledger.mapped, written, 'mapped', failed.unwritten) : [],
    ),
    part('filtered', total(ledger.filtered), 'grey', reasons(ledger.filtered, 'grey')),
    part('quarantined', total(ledger.quarantined), 'fail', reasons(ledger.quarantined, 'fail')),
  ]
  return part(
    'extracted',
    ledger.extracted,
    'flow',
    accountedFor(ledger.extracted, sorted, 'extracted', failed.unsorted),
  )
}

function part(name: string, count: number, colour: string, parts: readonly FlowPart[] = []): FlowPart {
  return { name, count, colour, isReason: false, parts: parts.filter((one) => one.count > 0) }
}

function accountedFor(count: number, parts: readonly FlowPart[], of: string, failed: number): FlowPart[] {
  const missing = Math.max(0, count - parts.reduce((sum, one) => sum + one.count, 0))
  const inFailed = Math.min(missing, Math.max(0, failed))
  const rest = [
    part('in failed batches', inFailed, 'fail'),
    part(`${of}, then lost`, missing - inFailed, 'breach'),
  ]
  return [...parts, ...rest.filter((one) => one.count > 0)]
}

function reasons(counts: Readonly<Record<string, number>>, colour: string): FlowPart[] {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a)
  const shown = sorted.length > mostReasons ? sorted.slice(0, mostReasons - 1) : sorted
  const others = sorted.slice(shown.length)
  const rest = others.reduce((sum, [, count]) => sum + count, 0)
  const all = rest > 0 ? [...shown, [`${others.length} other reasons`, rest] as const] : shown
  return all.map(([name, count]) => ({ ...part(name, count, colour), isReason: true }))
}
