import { setTimeout as sleep } from 'node:timers/promises'
import type { BusEvent } from '../services/events/bus.ts'

type Emit = (event: BusEvent) => Promise<void>

/** How long a closing system waits for what its last events set off, such as the mail about a failed run. */
const patienceMilliseconds = 10_000

/** Passes events on, and knows which of them have not reached their targets yet. */
export function pendingEvents(emit: Emit): { readonly emit: Emit; readonly settled: () => Promise<void> } {
  const pending = new Set<Promise<void>>()
  return {
    emit: (event) => {
      const delivery = emit(event)
      pending.add(delivery)
      const done = () => pending.delete(delivery)
      delivery.then(done, done)
      return delivery
    },
    settled: async () => {
      const patience = sleep(patienceMilliseconds, undefined, { ref: false })
      await Promise.race([Promise.allSettled([...pending]), patience])
    },
  }
}
