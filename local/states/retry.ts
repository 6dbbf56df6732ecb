import type { Retrier } from './definition.ts'

const timeouts = ['States.Timeout', 'States.HeartbeatTimeout']

/**
 * Whether one of the names covers the error. States.ALL covers all but States.DataLimitExceeded and States.Runtime;
 * States.TaskFailed covers all but those and timeouts; States.Timeout covers a missed heartbeat too (developer guide,
 * 'Handling errors in Step Functions workflows'). Nothing covers States.Runtime: it always fails the execution.
 */
export function matches(names: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false
  return names.some((name) => {
    if (name === error) return true
    if (error === 'States.DataLimitExceeded') return false
    if (name === 'States.TaskFailed') return !timeouts.includes(error)
    if (name === 'States.Timeout') return error === 'States.HeartbeatTimeout'
    return name === 'States.ALL'
  })
}

/** The next attempt, when a Retrier has one left: how long to wait, and the attempts each Retrier has made then. */
export function planRetry(
  retriers: readonly Retrier[],
  made: readonly number[],
  error: string,
  random: () => number,
): { delayMilliseconds: number; retries: number[] } | undefined {
  const index = retriers.findIndex((retrier) => matches(retrier.errorEquals, error))
  const retrier = retriers[index]
  const attempts = made[index] ?? 0
  if (retrier === undefined || attempts >= retrier.maxAttempts) return undefined
  const wanted = retrier.intervalSeconds * retrier.backoffRate ** attempts
  const seconds = Math.min(wanted, retrier.maxDelaySeconds ?? Infinity)
  const jittered = retrier.jitter === 'FULL' ? seconds * random() : seconds
  const retries = retriers.map((_, other) => (made[other] ?? 0) + (other === index ? 1 : 0))
  return { delayMilliseconds: jittered * 1000, retries }
}
