import { noHash, type SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import { examineEntry, type TrustedKeys } from '../lambdas/shared/domain/decision-log/examine-entry.ts'
import { loggedEvents } from '../lambdas/shared/domain/decision-log/gate-events.ts'
import { behindEntries, placeKey } from '../lambdas/shared/domain/decision-log/item-keys.ts'
import { readPartition } from '../lambdas/shared/domain/decision-log/read-partition.ts'
import { readItems } from './read-items.ts'
import type { AuditScope } from './scope.ts'

/** The log by gate, as far as it has been read: in a system that runs it grows meanwhile. */
export class GrowingLog {
  readonly #scope: AuditScope
  readonly #keys: TrustedKeys
  readonly #byGate = new Map<string, SignedEntry[]>()
  #newest: SignedEntry | undefined

  constructor(scope: AuditScope, keys: TrustedKeys, entries: readonly SignedEntry[]) {
    this.#scope = scope
    this.#keys = keys
    for (const signed of entries) this.#add(signed)
  }

  get gates(): string[] {
    return [...this.#byGate.keys()]
  }

  of(gate: string): readonly SignedEntry[] {
    return this.#byGate.get(gate) ?? []
  }

  /**
   * Reads what was appended since, as long as it is signed and follows. Answers the gates that have recorded any of it;
   * what happened at a link changes no gate.
   */
  async grow(): Promise<ReadonlySet<string>> {
    const { connection, places, chain } = this.#scope
    const range = { from: placeKey(this.#next), to: behindEntries }
    const items = await readItems(connection.tables, places.logTable, `LOG#${chain}`, range)
    const { entries } = readPartition(items)
    const changed = new Set<string>()
    for (let bytes = entries.get(this.#next); bytes; bytes = entries.get(this.#next)) {
      const examined = examineEntry(bytes, chain, this.#keys)
      if (examined.status !== 'authentic' || !this.#follows(examined.signed)) break
      this.#add(examined.signed)
      const { gate } = examined.signed.entry.event
      if (gate !== undefined && loggedEvents(gate, [examined.signed]).length > 0) changed.add(gate)
    }
    return changed
  }

  get #next(): number {
    return (this.#newest?.entry.sequence ?? 0) + 1
  }

  #follows({ entry }: SignedEntry): boolean {
    return entry.sequence === this.#next && entry.previous === (this.#newest?.hash ?? noHash)
  }

  #add(signed: SignedEntry): void {
    this.#newest = signed
    const { gate } = signed.entry.event
    if (gate === undefined) return
    const there = this.#byGate.get(gate)
    if (there) there.push(signed)
    else this.#byGate.set(gate, [signed])
  }
}
