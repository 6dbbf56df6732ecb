import { LockgateError } from '../shared/contract/errors.ts'
import type { Executions } from '../shared/ports/executions.ts'
import type { Lock, RunStore } from '../shared/ports/run-store.ts'

interface LockPorts {
  readonly runs: RunStore
  readonly executions: Executions
}

/**
 * Takes the lock, also from a run that ended without releasing it: but only when neither that run nor any
 * stage or Map Run that it started is still running. @throws LockHeld, naming who has it.
 */
export async function takeLock(migration: string, executionArn: string, ports: LockPorts): Promise<Lock> {
  const seen = await ports.runs.lock(migration)
  // A retry of this function, whose first answer was lost.
  if (seen?.holders[0] === executionArn) return seen
  for (const holder of seen?.holders ?? []) {
    if (!(await ports.executions.isRunning(holder))) continue
    throw new LockgateError(
      'LockHeld',
      `${holder} is under way and has the lock of ${migration}. Wait for it, or stop it; the lock is then taken over`,
    )
  }
  return await ports.runs.takeLock(migration, executionArn, seen)
}
