import type { Clock, Deadline } from '../../lambdas/shared/ports/clock.ts'

/** Time passes only by sleeping. */
export class FakeClock implements Clock {
  time: number
  readonly sleeps: number[] = []
  /** What happens elsewhere in the meantime. */
  whileAsleep: () => void | Promise<void> = () => undefined

  constructor(time = Date.UTC(2026, 0, 1)) {
    this.time = time
  }

  now(): number {
    return this.time
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.sleeps.push(milliseconds)
    this.time += milliseconds
    await this.whileAsleep()
    signal?.throwIfAborted()
  }
}

/** A deadline that comes near after `chunks` questions, and never aborts. */
export function deadlineAfter(chunks = Infinity): Deadline {
  let asked = 0
  return { isNear: () => (asked += 1) > chunks, signal: new AbortController().signal }
}
