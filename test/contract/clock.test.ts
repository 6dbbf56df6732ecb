import { describe, expect, test } from 'vitest'
import { systemClock } from '../../lambdas/shared/adapters/system-clock.ts'
import type { Clock } from '../../lambdas/shared/ports/clock.ts'
import { FakeClock } from '../support/fake-clock.ts'

interface World {
  readonly clock: Clock
  /** Does something while the clock's next sleeper sleeps. */
  readonly meanwhile: (act: () => void) => void
}

const worlds: Record<string, () => World> = {
  fake: () => {
    const clock = new FakeClock()
    return { clock, meanwhile: (act) => void (clock.whileAsleep = act) }
  },
  system: () => ({ clock: systemClock, meanwhile: (act) => void setImmediate(act) }),
}

describe.each(Object.entries(worlds))('a clock: %s', (_, open) => {
  test('is later after a sleep, by as much', async () => {
    const { clock } = open()
    const before = clock.now()
    await clock.sleep(30)
    // A timer may end within its last millisecond.
    expect(clock.now() - before).toBeGreaterThanOrEqual(29)
    const signal = new AbortController().signal
    await expect(clock.sleep(0, signal)).resolves.toBeUndefined()
  })

  test('does not begin to sleep under an aborted signal', async () => {
    const { clock } = open()
    const reason = new Error('the time is over')
    await expect(clock.sleep(3_600_000, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  test('is woken by a signal, with its reason', async () => {
    const { clock, meanwhile } = open()
    const abort = new AbortController()
    const reason = new Error('the time is over')
    meanwhile(() => abort.abort(reason))
    await expect(clock.sleep(3_600_000, abort.signal)).rejects.toBe(reason)
  })
})
