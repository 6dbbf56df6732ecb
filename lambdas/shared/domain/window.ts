/** A calendar can be edited while somebody waits for it: it is asked again after at most this long. */
const longestWaitSeconds = 3600
/** Where the next transition is over already, one of two clocks is off. */
const shortestDoubtfulSeconds = 60

/**
 * How often one execution of `window` looks. A look is nine events of its history (five of the task, two each of
 * Choice and Wait), of the 25,000 that there may be; the rest is left for retries. At one look an hour that is 83 days,
 * nearly twelve weeks; then `migrate` starts a fresh execution, which costs it thirteen events.
 */
export const looksPerExecution = 2000

/** Seconds until it is worth to look again whether a closed calendar has opened. */
export function secondsToWait(now: number, opensAt: number | undefined): number {
  if (opensAt === undefined) return longestWaitSeconds
  if (opensAt <= now) return shortestDoubtfulSeconds
  return Math.min(longestWaitSeconds, Math.ceil((opensAt - now) / 1000))
}
