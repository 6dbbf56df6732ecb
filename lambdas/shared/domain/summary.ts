import { BatchTimes } from './batch-times.ts'
import { effortOf, type Checkpoint } from './checkpoint.ts'
import type { StageSummary } from './evidence.ts'
import { addLedgers, addReasons, emptyLedger, noOpenEnds, openEndsOf, total } from './ledger.ts'

/** What a set of batches comes to; batches without a checkpoint count as unfinished. */
export type BatchSums = Pick<
  StageSummary,
  'batches' | 'ledger' | 'openEnds' | 'failures' | 'generations' | 'batchSeconds'
> & {
  readonly reconciliation: Pick<
    StageSummary['reconciliation'],
    'compared' | 'missing' | 'different' | 'fields'
  >
  /** Batches whose quarantine, conflicts or differences have something to show. */
  readonly notable: readonly Checkpoint[]
}

const maxNotable = 50

/** Whether a batch has gone through everything that its stage asks for. What is loaded has been rehearsed. */
function isDone({ state, reconciliation }: Checkpoint, loads: boolean): boolean {
  if (!loads && ['loading', 'loaded', 'reconciled'].includes(state)) return true
  return reconciliation !== undefined && (state === 'reconciled' || (!loads && state === 'transformed'))
}

/** Adds up the checkpoints of `expected` batches. Memory does not grow with their number. */
export class SummaryOfBatches {
  private readonly loads: boolean
  private readonly expected: ReadonlySet<string>
  private done = 0
  private failed = 0
  private ledger = emptyLedger
  private open = noOpenEnds
  private readonly reconciliation = {
    compared: 0,
    missing: 0,
    different: 0,
    fields: {} as Record<string, number>,
  }
  private readonly failures: StageSummary['failures'] = []
  private readonly generations = new Set<number>()
  private readonly notable: Checkpoint[] = []
  private readonly times = new BatchTimes()

  constructor(expected: readonly string[], loads: boolean) {
    this.expected = new Set(expected)
    this.loads = loads
  }

  has({ batch }: Checkpoint): boolean {
    return this.expected.has(batch)
  }

  add(checkpoint: Checkpoint): void {
    if (!this.has(checkpoint)) return
    const ledger = this.ledgerOf(checkpoint)
    this.ledger = addLedgers(this.ledger, ledger)
    this.generations.add(checkpoint.generation)
    if (checkpoint.state === 'failed') {
      this.failed += 1
      const { unsorted, unwritten } = openEndsOf(ledger, this.loads)
      this.open = { unsorted: this.open.unsorted + unsorted, unwritten: this.open.unwritten + unwritten }
      const { error, message } = checkpoint.failure ?? { error: 'Unknown', message: 'no reason was recorded' }
      if (this.failures.length < maxNotable) this.failures.push({ batch: checkpoint.batch, error, message })
    } else if (isDone(checkpoint, this.loads)) {
      this.done += 1
      this.times.add(total(effortOf(checkpoint.milliseconds, !this.loads)))
    }
    this.addReconciliation(checkpoint)
    if (this.notable.length < maxNotable && isNotable(checkpoint)) this.notable.push(checkpoint)
  }

  /** A rehearsal writes nothing: what a batch has loaded meanwhile is not its doing. */
  private ledgerOf({ ledger }: Checkpoint): Checkpoint['ledger'] {
    return this.loads ? ledger : { ...ledger, loaded: 0, unchanged: 0, conflicted: 0 }
  }

  private addReconciliation({ reconciliation: found }: Checkpoint): void {
    if (!found || !this.loads) return
    this.reconciliation.compared += found.compared
    this.reconciliation.missing += found.missing
    this.reconciliation.different += found.different
    this.reconciliation.fields = addReasons(this.reconciliation.fields, found.fields)
  }

  result(): BatchSums {
    const { size } = this.expected
    const batchSeconds = this.times.result()
    return {
      batches: {
        total: size,
        done: this.done,
        failed: this.failed,
        unfinished: size - this.done - this.failed,
      },
      ...(batchSeconds && { batchSeconds }),
      ledger: this.ledger,
      ...(this.failed > 0 && { openEnds: this.open }),
      reconciliation: this.reconciliation,
      failures: this.failures,
      generations: [...this.generations].toSorted((a, b) => a - b),
      notable: this.notable,
    }
  }
}

function isNotable({ ledger, reconciliation }: Checkpoint): boolean {
  const differs = (reconciliation?.missing ?? 0) + (reconciliation?.different ?? 0)
  return Object.keys(ledger.quarantined).length > 0 || ledger.conflicted > 0 || differs > 0
}
