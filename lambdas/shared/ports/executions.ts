import type { GateAnswer } from '../contract/payloads.ts'

/** How an execution failed, as Step Functions has it. */
export interface Failure {
  readonly executionArn: string
  readonly error: string | undefined
  readonly cause: string | undefined
}

export interface FailureSearch {
  /** What this failure began with: that of a nested execution, or of a child of a Map Run; or it itself. */
  originOf(failure: Failure): Promise<Failure>
}

/** The workflow engine, as functions see it. */
export interface Executions {
  /** Whether an execution, or a Map Run that it started, is still running. */
  isRunning(executionArn: string): Promise<boolean>
  /** Rings the bell: answers the task token. `stale`: nobody waits under this token any more. */
  answer(taskToken: string, answer: GateAnswer): Promise<'answered' | 'stale'>
}
