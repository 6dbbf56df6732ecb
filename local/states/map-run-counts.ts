import type { Execution } from './execution.ts'
import type { MapRun } from './map-run.ts'

/** How many children, or items, stand where. */
export function countsOf(
  run: MapRun,
  weight: (child: Execution) => number,
  total: number,
): Record<string, number> {
  const counts = { running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 }
  const names = {
    RUNNING: 'running',
    SUCCEEDED: 'succeeded',
    FAILED: 'failed',
    TIMED_OUT: 'timedOut',
    ABORTED: 'aborted',
  } as const
  let begun = 0
  for (const child of run.children) {
    if (child === undefined) continue
    counts[names[child.facts.status]] += weight(child)
    begun += weight(child)
  }
  const written = run.facts.resultsWritten
    ? counts.succeeded + counts.failed + counts.timedOut + counts.aborted
    : 0
  const rest = total - begun
  // Items that a failed or stopped run never began are aborted with it.
  const over = run.facts.status !== 'RUNNING'
  return {
    ...counts,
    aborted: counts.aborted + (over ? rest : 0),
    pending: over ? 0 : rest,
    total,
    resultsWritten: written,
  }
}
