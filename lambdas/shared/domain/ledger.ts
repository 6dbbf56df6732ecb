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

/** What is wrong with a ledger, in words; nothing when it adds up. `loads`: whether the batch went to the target. */
export function imbalance(ledger: Ledger, loads: boolean): string | undefined {
  const sorted = ledger.mapped + total(ledger.filtered) + total(ledger.quarantined)
  if (ledger.extracted !== sorted) {
    return `extracted ${ledger.extracted} is not mapped + filtered + quarantined ${sorted}`
  }
  const written = ledger.loaded + ledger.unchanged + ledger.conflicted
  if (written !== (loads ? ledger.mapped : 0)) {
    return `mapped ${ledger.mapped} is not loaded + unchanged + conflicted ${written}`
  }
  return undefined
}

export function ledgerMismatch(what: string): LockgateError {
  const remedy =
    'start the migration again, and the batch is counted anew from its source; if it stays, tell the maintainers'
  return new LockgateError('LedgerMismatch', `${what}: ${remedy}`)
}
