import { Interrupted } from './errors.ts'

/** Awaits the work, but no longer than until the signal is aborted: then it rejects with Interrupted. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody waits for it any more; its failure must not end the process.
    work.catch(() => undefined)
    throw new Interrupted('interrupted')
  }
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new Interrupted('interrupted'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Runs all tasks, at most `limit` at once (0: all). The first failure interrupts the others, and is thrown at the end. */
export async function runAll(
  count: number,
  limit: number,
  signal: AbortSignal,
  task: (index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const group = new AbortController()
  const both = AbortSignal.any([signal, group.signal])
  const failures: unknown[] = []
  let next = 0
  const worker = async () => {
    while (next < count && !both.aborted) {
      try {
        await task(next++, both)
      } catch (error) {
        failures.push(error)
        group.abort()
      }
    }
  }
  const workers = Math.min(count, limit === 0 ? count : limit)
  await Promise.all(Array.from({ length: workers }, worker))
  if (signal.aborted) throw new Interrupted('interrupted')
  if (failures.length > 0) throw failures[0]
}
