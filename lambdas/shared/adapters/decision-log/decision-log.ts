import type { SignedEntry } from '../../domain/decision-log/entry.ts'
import { headOf, nextEntry, readStored, storedText } from '../../domain/decision-log/seal-entry.ts'
import { evidenceKeys } from '../../domain/object-keys.ts'
import { LockgateError } from '../../contract/errors.ts'
import type { DecisionLog } from '../../ports/decision-log.ts'
import type { LogStore } from '../../ports/log-store.ts'
import type { ObjectStore } from '../../ports/object-store.ts'
import type { Signer } from '../../ports/signer.ts'

export interface DecisionLogParts {
  readonly entries: LogStore
  /** The bucket with Object Lock. */
  readonly copies: Pick<ObjectStore, 'create'>
  readonly signer: Signer
}

/** Each lost race means that another event was logged; that many at once mean that something else is wrong. */
const mostRaces = 50

/**
 * The log without transactions (docs/adr/decision-log.md). An entry is complete when it has its copy under Object Lock
 * and its mark, made in this order. Whoever appends first completes the newest entry: so all others are complete.
 */
export function decisionLog({ entries, copies, signer }: DecisionLogParts): DecisionLog {
  async function newest(chain: string): Promise<SignedEntry | undefined> {
    const found = await entries.newest(chain)
    return found && readStored(found.text, chain, found.sequence)
  }

  async function complete(chain: string, signed: SignedEntry): Promise<void> {
    const { sequence, event } = signed.entry
    // Where it exists, another has completed this entry at the same moment: there is only one to be copied.
    await copies.create(evidenceKeys.logEntry(chain, sequence), Buffer.from(storedText(signed)))
    await entries.mark(chain, event.id, sequence)
  }

  async function marked(chain: string, id: string): Promise<SignedEntry | undefined> {
    const sequence = await entries.marked(chain, id)
    if (sequence === undefined) return undefined
    const signed = readStored((await entries.entry(chain, sequence)) ?? '', chain, sequence)
    if (signed.entry.event.id === id) return signed
    throw new LockgateError(
      'DecisionLogAltered',
      `the decision log of ${chain} says that event ${id} is its entry ${sequence}, and that is ${signed.entry.event.id}: ` +
        `run the audit of ${chain}, and see the runbook`,
    )
  }

  return {
    async append(chain, draft) {
      for (let race = 0; race < mostRaces; race += 1) {
        // In this order: what is neither the newest entry nor marked after that was read is nowhere up to that entry.
        const last = await newest(chain)
        const there = await marked(chain, draft.id)
        if (there) return there
        if (last && (await entries.marked(chain, last.entry.event.id)) === undefined) {
          await complete(chain, last)
        }
        if (last?.entry.event.id === draft.id) return last
        const next = nextEntry(chain, headOf(last), draft)
        const signed = { ...next, ...(await signer.sign(Buffer.from(next.hash, 'hex'))) }
        // Where it was not put, the next turn finds this entry as well, should it be that of a try without an answer.
        if (await entries.put(chain, { sequence: next.entry.sequence, text: storedText(signed) })) {
          await complete(chain, signed)
          return signed
        }
      }
      throw new Error(`${mostRaces} events were logged in ${chain} while one was to be appended; try again`)
    },

    async head(chain) {
      return headOf(await newest(chain))
    },

    async *entries(chain) {
      for await (const { sequence, text } of entries.entries(chain)) yield readStored(text, chain, sequence)
    },
  }
}
