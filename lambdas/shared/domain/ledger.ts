import { z } from 'zod'
import { LockgateError } from '../contract/errors.ts'

const count = z.int().nonnegative()
const byReason = z.record(z.string(), count)

/** The conservation law of a batch: extracted = mapped + filtered + quarantined; mapped = loaded + unchanged + conflicted. */
export const ledgerSchema = z.object({
  extracted: count,
  mapped: count,
  filtered: byReason,
  quarantined: byReason,
  loaded: count,
  unchanged: count,
  conflicted: count,
})
export type Ledger = z.infer<typeof ledgerSchema>

export const emptyLedger: Ledger = {
  extracted: 0,
  mapped: 0,
  filtered: {},
  quarantined: {},
  loaded: 0,
  unchanged: 0,
  conflicted: 0,
}

export function total(reasons: Readonly<Record<string, number>>): number {
  return Object.values(reasons).reduce((sum, n) => sum + n, 0)
}

export function addReasons(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...a }
  for (const [reason, n] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + n
  return sum
}

export function addLedgers(a: Ledger, b: Ledger): Ledger {
  return {
    extracted: a.extracted + b.extracted,
    mapped: a.mapped + b.mapped,
    filtered: addReasons(a.filtered, b.filtered),
    quarantined: addReasons(a.quarantined, b.quarantined),
    loaded: a.loaded + b.loaded,
    unchanged: a.unchanged + b.unchanged,
    conflicted: a.conflicted + b.conflicted,
  }
}

/** Records that a ledger begins with and does not end: extracted and not sorted, mapped and not written. */
export const openEnds = z.object({ unsorted: z.int(), unwritten: z.int() })
export type OpenEnds = z.infer<typeof openEnds>
export const noOpenEnds: OpenEnds = { unsorted: 0, unwritten: 0 }

/** `loads`: whether what is mapped goes to the target. */
export function openEndsOf(ledger: Ledger, loads: boolean): OpenEnds {
  const { sorted, written } = sumsOf(ledger)
  return { unsorted: ledger.extracted - sorted, unwritten: (loads ? ledger.mapped : 0) - written }
}

/**
 * What is wrong with a ledger, in words; nothing when it adds up. `failed`: the open ends of failed batches, which are
 * no loss.
 */
export function imbalance(ledger: Ledger, loads: boolean, failed = noOpenEnds): string | undefined {
  const open = openEndsOf(ledger, loads)
  const { sorted, written } = sumsOf(ledger)
  const and = (count: number) => (count === 0 ? '' : ` and ${count} in failed batches`)
  if (open.unsorted !== failed.unsorted) {
    return `extracted ${ledger.extracted} is not mapped + filtered + quarantined ${sorted}${and(failed.unsorted)}`
  }
  if (open.unwritten !== failed.unwritten) {
    return `mapped ${ledger.mapped} is not loaded + unchanged + conflicted ${written}${and(failed.unwritten)}`
  }
  return undefined
}

function sumsOf({ mapped, filtered, quarantined, loaded, unchanged, conflicted }: Ledger) {
  return { sorted: mapped + total(filtered) + total(quarantined), written: loaded + unchanged + conflicted }
}

export function ledgerMismatch(what: string): LockgateError {
  const remedy =
    'start the migration again, and the batch is counted anew from its source; if it stays, tell the maintainers'
  return new LockgateError('LedgerMismatch', `${what}: ${remedy}`)
}
