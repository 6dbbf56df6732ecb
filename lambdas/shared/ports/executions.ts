import type { GateAnswer } from '../contract/payloads.ts'

/** The workflow engine, as functions see it. */
export interface Executions {
  /** Whether an execution, or a Map Run that it started, is still running. */
  isRunning(executionArn: string): Promise<boolean>
  /** Rings the bell: answers the task token. `stale`: nobody waits under this token any more. */
  answer(taskToken: string, answer: GateAnswer): Promise<'answered' | 'stale'>
}
