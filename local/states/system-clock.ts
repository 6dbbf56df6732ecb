import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from './ports.ts'

// A longer delay overflows the timer of Node and fires at once.
const LONGEST_TIMER = 2 ** 31 - 1

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    for (let left = milliseconds; left > 0; left -= LONGEST_TIMER) {
      await wait(Math.min(left, LONGEST_TIMER), undefined, { signal })
    }
  },
}
