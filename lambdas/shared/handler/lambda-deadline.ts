import { LockgateError } from '../contract/errors.ts'
import type { Deadline } from '../ports/clock.ts'

export interface LambdaDeadline extends Deadline {
  /** Takes the timer away; to be called before the function returns. */
  clear(): void
}

/**
 * Derived from Lambda's remaining time. No chunk begins within the last quarter of it (at most a minute);
 * what is under way is aborted within the last tenth (at most five seconds), so that the function answers by
 * itself and is not killed in the middle of a request.
 */
export function lambdaDeadline(context: { getRemainingTimeInMillis(): number }): LambdaDeadline {
  const given = context.getRemainingTimeInMillis()
  const controller = new AbortController()
  const timeUp = () => {
    const message =
      'the time limit of the function is near; the next attempt goes on after the last finished chunk'
    controller.abort(new LockgateError('TimeTooShort', message))
  }
  const timer = setTimeout(timeUp, given - Math.min(5_000, given / 10))
  return {
    isNear: () => context.getRemainingTimeInMillis() < Math.min(60_000, given / 4),
    signal: controller.signal,
    clear: () => clearTimeout(timer),
  }
}
