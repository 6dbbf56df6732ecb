import { ApiError } from './errors.ts'
import type { Execution } from './execution.ts'
import { happened } from './history.ts'
import { MAX_HISTORY_EVENTS, REDRIVE_MILLISECONDS } from './limits.ts'

/** Why the execution cannot be redriven; undefined when it can (developer guide, 'Redrive eligibility'). */
export function whyNotRedrivable({ facts, eventCount }: Execution, now: number): string | undefined {
  if (facts.status === 'SUCCEEDED' || facts.status === 'RUNNING') {
    return `Execution is ${facts.status} and cannot be redriven`
  }
  if (facts.type === 'EXPRESS') return 'Execution is EXPRESS and cannot be redriven'
  if (now - (facts.stopDate ?? now) > REDRIVE_MILLISECONDS) return 'Execution redrivable period exceeded'
  if (eventCount >= MAX_HISTORY_EVENTS - 1) return 'Execution history event limit exceeded'
  return undefined
}

/** Refuses what is not redrivable. */
export function holdRedrivable(execution: Execution, now: number): void {
  const { mapRunArn, arn } = execution.facts
  const why = mapRunArn === null ? whyNotRedrivable(execution, now) : 'a child is redriven with its Map Run'
  if (why !== undefined) throw new ApiError('ExecutionNotRedrivable', `${why}: '${arn}'`)
}

/**
 * Makes a failed execution run again, from the states that did not succeed: each keeps its input and variables, a
 * Map or Parallel also what of it is finished; retries and timeouts begin anew.
 */
export function reopen(execution: Execution, now: number, round = 0): void {
  const redriveCount = execution.facts.redriveCount + 1
  const ended = { stopDate: null, output: null, error: null, cause: null }
  for (const [f, flow] of [...execution.flows]) {
    if (flow.outcome !== null && 'output' in flow.outcome) continue
    const { items, maxConcurrency, mapRun } = flow.step
    const begun = { items, maxConcurrency, mapRun, redriven: mapRun === undefined ? undefined : true }
    execution.write({ f, v: { step: begun, outcome: null } })
  }
  // Last: what is cut off before is redriven again, and never goes on with the failures of before.
  const x = { status: 'RUNNING', redriveCount, redriveDate: now, round, ...ended } as const
  execution.write({ x, events: [happened('ExecutionRedriven', { redriveCount })] })
}
