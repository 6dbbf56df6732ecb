import { StateFailure } from './errors.ts'
import { byteSize, type Json } from './json.ts'

/** Bytes of an input, an output, a task's arguments or result (developer guide, 'Quotas'). */
export const MAX_PAYLOAD_BYTES = 262_144

/** Events of one Standard execution; the last one tells the failure (developer guide, 'Quotas'). */
export const MAX_HISTORY_EVENTS = 25_000

/** Bytes of all variables of one execution (developer guide, 'Workflow variables', limits). */
export const MAX_VARIABLES_BYTES = 10 * 1024 * 1024

/** How long an Express execution may run. */
export const EXPRESS_MILLISECONDS = 5 * 60 * 1000

/** How long after its end an execution can be redriven. */
export const REDRIVE_MILLISECONDS = 14 * 24 * 60 * 60 * 1000

/** Fails with States.DataLimitExceeded when the value is larger than a payload may be. */
export function holdPayloadLimit(value: Json, state: string): void {
  if (byteSize(value) > MAX_PAYLOAD_BYTES) {
    throw new StateFailure(
      'States.DataLimitExceeded',
      `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    )
  }
}
