import { dayOf, guessing, refusedUntil, sourceName, windowStart } from '../domain/gate-rules/guessing.ts'
import type { Clock } from './clock.ts'
import type { GuessCounts } from './guess-counts.ts'
import type { Randomness } from './randomness.ts'

export interface SourceWatchPorts {
  readonly guesses: GuessCounts
  readonly clock: Clock
  readonly randomness: Randomness
}

export interface WatchedSource {
  /** What stands for its address. */
  readonly name: string
  /** Milliseconds since 1970; absent: it is not refused. */
  readonly refusedUntil?: number
}

export interface SourceWatch {
  nameOf(address: string): Promise<string>
  /**
   * One more wrong capability from an address. Of a source that is known here to be refused nothing is read or written:
   * its further ones cost the reading of the capability, and no more.
   */
  wrong(address: string): Promise<WatchedSource>
}

const dayMilliseconds = 86_400_000
/** More sources at once than these are forgotten, and counted anew: the store remembers them. */
const mostRemembered = 10_000

/** Watches the sources of wrong capabilities, with a memory of this process in front of the store. */
export function sourceWatch({ guesses, clock, randomness }: SourceWatchPorts): SourceWatch {
  const refused = new Map<string, number>()
  let key: { readonly day: string; readonly text: string } | undefined

  /** With a new day all are strangers: whoever is refused at midnight may begin again. */
  async function nameOf(address: string): Promise<string> {
    const now = clock.now()
    const day = dayOf(now)
    if (key?.day !== day) {
      const fresh = Buffer.from(randomness.bytes(32)).toString('base64')
      key = { day, text: await guesses.keep(`KEY#${day}`, fresh, now + 2 * dayMilliseconds) }
    }
    return sourceName(address, key.text)
  }

  return {
    nameOf,

    async wrong(address) {
      const name = await nameOf(address)
      const now = clock.now()
      const known = refused.get(name)
      if (known !== undefined && known > now) return { name, refusedUntil: known }

      const start = windowStart(now)
      const counter = (of: number) => `SOURCE#${name}#${new Date(of).toISOString()}`
      const counts = {
        now: await guesses.add(counter(start), start + 3 * guessing.windowMilliseconds),
        before: await guesses.count(counter(start - guessing.windowMilliseconds)),
      }
      const until = refusedUntil(counts, now)
      if (until === undefined) return { name }
      if (refused.size >= mostRemembered) refused.clear()
      refused.set(name, until)
      return { name, refusedUntil: until }
    },
  }
}
