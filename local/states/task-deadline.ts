import { Interrupted, StateFailure } from './errors.ts'
import { abortable } from './interruption.ts'
import type { TaskProgress } from './record.ts'
import type { FlowScope } from './scope.ts'

/** Awaits the work until the task's time is over; then the task fails with States.Timeout. */
export async function beforeDeadline<T>(
  scope: FlowScope,
  task: TaskProgress,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const signal = AbortSignal.any([scope.signal, end.signal])
  const result = abortable(work(signal), scope.signal)
  if (task.deadline === undefined) return result
  const left = Math.max(0, task.deadline - scope.now())
  const timer = scope.runtime.ports.clock.sleep(left, signal).then(
    () => 'late' as const,
    () => 'stopped' as const,
  )
  try {
    const first = await Promise.race([timer, result.then((value) => ({ value }))])
    if (first === 'late') throw new StateFailure('States.Timeout')
    if (first === 'stopped') throw new Interrupted('interrupted')
    return first.value
  } finally {
    // The work may still be under way, and nobody waits for it any more.
    result.catch(() => undefined)
    end.abort()
  }
}

/** What a service threw: its name is the error of the States Language. */
export function serviceFailure(error: unknown): unknown {
  if (error instanceof StateFailure || error instanceof Interrupted) return error
  return error instanceof Error ? new StateFailure(error.name, error.message) : error
}
