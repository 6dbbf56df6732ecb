import type { LockgateError } from '../contract/errors.ts'
import type { Checkpoint } from './checkpoint.ts'

interface Taker {
  readonly lockToken: number
  readonly rehearsal?: boolean
}

/**
 * A checkpoint whose batch has failed on its data, and from where a later run takes it up again: the state in
 * which it failed; the beginning, where a sum did not add up, so that all of it is counted anew.
 */
export function failedOn(
  found: Checkpoint,
  { name, message }: LockgateError,
  rehearsal: boolean,
): Checkpoint {
  const from = name === 'LedgerMismatch' ? 'planned' : found.state
  return { ...found, state: 'failed', failure: { error: name, message, from, rehearsal } }
}

/**
 * A checkpoint as a run finds it. A batch that failed under an earlier lock token is back where it failed, undo log
 * and epoch kept; what failed in a rehearsal is taken up by a rehearsal alone, so that none of its checks is
 * passed over. Load goes on at the chunk that failed; the other steps have no effects on the target, and begin
 * again. A reconciliation that found something is made again; one that found nothing stays.
 */
export function takenUp(found: Checkpoint, { lockToken, rehearsal = false }: Taker): Checkpoint {
  if (lockToken <= found.lockToken) return found
  const { failure, reconciliation, ...rest } = found
  if (found.state === 'failed') {
    if (failure?.from === undefined || (failure.rehearsal && !rehearsal)) return found
    const progress = failure.from === 'loading' ? found.progress : { chunk: 0 }
    return { ...rest, state: failure.from, progress }
  }
  const isMeasured = found.state === 'loaded' || found.state === 'reconciled'
  const isClean = reconciliation === undefined || reconciliation.missing + reconciliation.different === 0
  if (!isMeasured || isClean) return found
  return { ...rest, state: 'loaded', progress: { chunk: 0 } }
}
