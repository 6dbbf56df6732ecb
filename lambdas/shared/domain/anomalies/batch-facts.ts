import { effortOf, steps, type Checkpoint, type Step } from '../checkpoint.ts'

export interface BatchFact {
  readonly batch: string
  readonly records: number
  /** Over all steps and attempts of the stage. */
  readonly milliseconds: number
}

export interface Reprocessed {
  readonly batch: string
  readonly claims: Readonly<Record<Step, number>>
  /** Claims beyond what the batch needs. */
  readonly needless: number
}

/** A step that has run for less than this does not pause for lack of time. */
const shortestAttempt = 300_000
/** Outages make a few; this many make a loop. */
const leastNeedless = 5
const mostKept = 100

/** What the checkpoints of a stage's batches say about each: some numbers a batch, as many bytes as its name has. */
export class BatchFacts {
  readonly #rehearsal: boolean
  readonly #facts: BatchFact[] = []
  readonly #again: Reprocessed[] = []
  /** How many batches were processed again and again. */
  reprocessed = 0
  /** Milliseconds per step, of all batches. */
  readonly milliseconds: Record<Step, number> = { extract: 0, transform: 0, load: 0, reconcile: 0 }

  constructor(rehearsal: boolean) {
    this.#rehearsal = rehearsal
  }

  add({ batch, ledger, state, milliseconds, claims }: Checkpoint): void {
    const spent = effortOf(milliseconds, this.#rehearsal)
    for (const step of steps) this.milliseconds[step] += spent[step]
    const all = steps.reduce((sum, step) => sum + spent[step], 0)
    if (state !== 'failed') this.#facts.push({ batch, records: ledger.extracted, milliseconds: all })
    this.#addClaims(batch, effortOf(claims, this.#rehearsal), spent)
  }

  get facts(): readonly BatchFact[] {
    return this.#facts
  }

  /** Some of them, those with most claims first. */
  get again(): readonly Reprocessed[] {
    return this.#again.toSorted((a, b) => b.needless - a.needless || (a.batch < b.batch ? -1 : 1))
  }

  #addClaims(
    batch: string,
    claims: Readonly<Record<Step, number>>,
    spent: Readonly<Record<Step, number>>,
  ): void {
    const needless = steps.reduce(
      (sum, step) => sum + Math.max(0, claims[step] - this.#needed(step, spent)),
      0,
    )
    if (needless < leastNeedless) return
    this.reprocessed += 1
    if (this.#again.length < mostKept) this.#again.push({ batch, claims, needless })
  }

  /** Once, once more for each pause, and at rehearse once more where duplicate keys became known. */
  #needed(step: Step, spent: Readonly<Record<Step, number>>): number {
    const isRepeated = this.#rehearsal && (step === 'transform' || step === 'reconcile')
    return 1 + (isRepeated ? 1 : 0) + Math.floor(spent[step] / shortestAttempt)
  }
}
