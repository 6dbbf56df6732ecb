import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    signal?.throwIfAborted()
    try {
      await wait(milliseconds, undefined, signal && { signal })
    } catch (cause) {
      signal?.throwIfAborted()
      throw cause
    }
  },
}
