import type { GateAnswer } from '../../lambdas/shared/contract/payloads.ts'
import type { Executions } from '../../lambdas/shared/ports/executions.ts'

/** Executions that run, and task tokens that somebody waits under; a token is answered once. */
export class FakeExecutions implements Executions {
  readonly running = new Set<string>()
  readonly waiting = new Set<string>()
  readonly answers: { readonly taskToken: string; readonly answer: GateAnswer }[] = []
  /** Runs before an answer arrives; a test fails here. */
  beforeAnswer: () => void | Promise<void> = () => undefined

  async isRunning(executionArn: string): Promise<boolean> {
    return this.running.has(executionArn)
  }

  async answer(taskToken: string, answer: GateAnswer): Promise<'answered' | 'stale'> {
    await this.beforeAnswer()
    if (!this.waiting.delete(taskToken)) return 'stale'
    this.answers.push({ taskToken, answer })
    return 'answered'
  }
}
