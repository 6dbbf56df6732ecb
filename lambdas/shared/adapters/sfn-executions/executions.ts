import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ExecutionDoesNotExist,
  InvalidToken,
  paginateListMapRuns,
  SendTaskSuccessCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  type SFNClient,
} from '@aws-sdk/client-sfn'
import type { Executions } from '../../ports/executions.ts'

/** An execution that waits to be redriven by the Map Run above it comes back by itself: it counts as running. */
const active: readonly (string | undefined)[] = ['RUNNING', 'PENDING_REDRIVE']

export function sfnExecutions(client: SFNClient): Executions {
  async function isMapRunning(executionArn: string): Promise<boolean> {
    for await (const { mapRuns = [] } of paginateListMapRuns({ client }, { executionArn })) {
      for (const { mapRunArn } of mapRuns) {
        const { status } = await client.send(new DescribeMapRunCommand({ mapRunArn }))
        if (active.includes(status)) return true
      }
    }
    return false
  }

  return {
    async isRunning(executionArn) {
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }))
        return active.includes(status) || (await isMapRunning(executionArn))
      } catch (error) {
        // Step Functions keeps an ended execution for 90 days; a running one is never gone.
        if (error instanceof ExecutionDoesNotExist) return false
        throw error
      }
    },

    async answer(taskToken, answer) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }))
        return 'answered'
      } catch (error) {
        if (
          error instanceof TaskTimedOut ||
          error instanceof TaskDoesNotExist ||
          error instanceof InvalidToken
        ) {
          return 'stale'
        }
        throw error
      }
    },
  }
}
