import type { GuessCounts } from '../../lambdas/shared/ports/guess-counts.ts'

/** Counts in memory, which stay. */
export class FakeGuessCounts implements GuessCounts {
  readonly counts = new Map<string, number>()
  readonly texts = new Map<string, string>()
  /** How often anything was asked of it. */
  calls = 0

  async add(name: string): Promise<number> {
    this.calls += 1
    const now = (this.counts.get(name) ?? 0) + 1
    this.counts.set(name, now)
    return now
  }

  async count(name: string): Promise<number> {
    this.calls += 1
    return this.counts.get(name) ?? 0
  }

  async keep(name: string, text: string): Promise<string> {
    this.calls += 1
    if (!this.texts.has(name)) this.texts.set(name, text)
    return this.texts.get(name) ?? text
  }
}
