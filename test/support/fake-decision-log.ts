import {
  logDraft,
  type LogDraft,
  type LogHead,
  type SignedEntry,
} from '../../lambdas/shared/domain/decision-log/entry.ts'
import { headOf, nextEntry } from '../../lambdas/shared/domain/decision-log/seal-entry.ts'
import type { DecisionLog } from '../../lambdas/shared/ports/decision-log.ts'

/** A log in memory whose entries are chained, and signed by nobody. */
export class FakeDecisionLog implements DecisionLog {
  readonly chains = new Map<string, SignedEntry[]>()

  async append(chain: string, draft: LogDraft): Promise<SignedEntry> {
    const entries = this.chains.get(chain) ?? []
    const there = entries.find(({ entry }) => entry.event.id === draft.id)
    if (there) return structuredClone(there)
    const next = nextEntry(chain, headOf(entries.at(-1)), logDraft.parse(draft))
    const signed = { ...next, signature: 'none', algorithm: 'none', key: 'none' }
    this.chains.set(chain, [...entries, signed])
    return structuredClone(signed)
  }

  async head(chain: string): Promise<LogHead> {
    return headOf(this.chains.get(chain)?.at(-1))
  }

  async *entries(chain: string): AsyncIterable<SignedEntry> {
    yield* structuredClone(this.chains.get(chain) ?? [])
  }

  /** What a test asks for most: the events of a chain, in their order. */
  events(chain: string): LogDraft[] {
    return (this.chains.get(chain) ?? []).map(({ entry }) => structuredClone(entry.event))
  }
}
