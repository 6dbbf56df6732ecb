import type { Definition } from './definition.ts'
import type { Execution } from './execution.ts'
import { EXPRESS_MILLISECONDS } from './limits.ts'
import type { Clock } from './ports.ts'

/** The execution ran longer than its machine, or its type, allows. */
export class ExecutionTimeout extends Error {
  override readonly name = 'ExecutionTimeout'
}

/**
 * Awaits the work, but rejects with ExecutionTimeout at the execution's deadline: TimeoutSeconds of the machine, or five
 * minutes of an Express execution, from its start or its latest redrive.
 */
export async function beforeTimeout<T>(
  work: Promise<T>,
  of: { execution: Execution; definition: Definition; clock: Clock; signal: AbortSignal },
): Promise<T> {
  const longest = longestTime(of.execution, of.definition)
  if (longest === undefined) return work
  const { redriveDate, startDate } = of.execution.facts
  const left = Math.max(0, (redriveDate ?? startDate) + longest - of.clock.now())
  const end = new AbortController()
  const timer = of.clock.sleep(left, AbortSignal.any([of.signal, end.signal])).then(
    () => Promise.reject(new ExecutionTimeout('timed out')),
    // The signal ended the timer; it ends the work too, which then tells why.
    () => work,
  )
  timer.catch(() => undefined)
  try {
    return await Promise.race([work, timer])
  } finally {
    work.catch(() => undefined)
    end.abort()
  }
}

// A machine's TimeoutSeconds is for its executions, not for the children of their Map Runs.
function longestTime({ facts }: Execution, { timeoutSeconds }: Definition): number | undefined {
  if (facts.type === 'EXPRESS') return EXPRESS_MILLISECONDS
  return facts.mapRunArn === null && timeoutSeconds !== undefined ? timeoutSeconds * 1000 : undefined
}
