import type { WaitState } from './definition.ts'
import { wrongType } from './jsonata.ts'
import { isTimestamp } from './load-states.ts'
import type { Done, FlowScope } from './scope.ts'

/** Wait: until a time that is fixed, on disk, when the state begins. */
export async function runWait(scope: FlowScope, state: WaitState): Promise<Done> {
  const until = scope.step.until ?? (await endOf(scope, state))
  if (scope.step.until === undefined) scope.progress({ until })
  await scope.sleepUntil(until)
  return {}
}

async function endOf(scope: FlowScope, { until }: WaitState): Promise<number> {
  if ('seconds' in until)
    return scope.now() + (await scope.number(until.seconds, 'Seconds', 0, 99_999_999)) * 1000
  const time = await scope.evaluate(until.timestamp, 'Timestamp')
  if (typeof time !== 'string' || !isTimestamp(time)) {
    throw wrongType(scope.expressionScope(), 'Timestamp', until.timestamp, 'RFC 3339 timestamp')
  }
  return Date.parse(time)
}
