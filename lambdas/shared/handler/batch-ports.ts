import { systemClock } from '../adapters/system-clock.ts'
import type { BatchPorts } from '../batch/batch-step.ts'
import type { StepContext } from './step-handler.ts'
import { archiveStore, checkpointStore, runStore, stagingStore } from './stores.ts'
import { logFailure } from './telemetry.ts'

/** What extract, transform, load and reconcile have in common. */
export const batchPorts = ({ deadline, metrics }: StepContext): BatchPorts => ({
  runs: runStore(),
  checkpoints: checkpointStore(),
  staging: stagingStore(),
  archive: archiveStore(),
  clock: systemClock,
  deadline,
  metrics,
  onFailure: (error) => logFailure('a batch failed', error),
})
