import type { StateFailure } from './errors.ts'
import { ROOT, type Execution } from './execution.ts'
import { failed, happened } from './history.ts'
import type { Json } from './json.ts'
import { MAX_HISTORY_EVENTS } from './limits.ts'
import type { Change } from './record.ts'

/** What ends an execution that succeeded; written together with the end of its flow. */
export function success(output: Json, now: number): Pick<Change, 'x' | 'events'> {
  const details = { output: JSON.stringify(output), outputDetails: { truncated: false } }
  const x = { status: 'SUCCEEDED', stopDate: now, output } as const
  return { x, events: [happened('ExecutionSucceeded', details)] }
}

/** Ends the execution as FAILED, with what the failed state leaves in the history as far as there is room. */
export function endFailed(execution: Execution, failure: StateFailure, now: number): void {
  const error = failure.error === '' ? null : failure.error
  const x = { status: 'FAILED', stopDate: now, error, cause: failure.reason ?? null } as const
  const last = failed('ExecutionFailed', failure.error, failure.reason)
  const fits = execution.eventCount + failure.events.length + 1 <= MAX_HISTORY_EVENTS
  execution.write({ f: ROOT, x, events: fits ? [...failure.events, last] : [last] }, true)
}

/** Ends the execution as TIMED_OUT. */
export function endTimedOut(execution: Execution, now: number): void {
  const x = { status: 'TIMED_OUT', stopDate: now, error: 'States.Timeout', cause: null } as const
  execution.write({ x, events: [happened('ExecutionTimedOut', { error: 'States.Timeout' })] }, true)
}

/** Ends the execution as ABORTED. */
export function endAborted(execution: Execution, now: number, error?: string, cause?: string): void {
  const details = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) }
  const x = { status: 'ABORTED', stopDate: now, error: error ?? null, cause: cause ?? null } as const
  execution.write({ x, events: [happened('ExecutionAborted', details)] }, true)
}
