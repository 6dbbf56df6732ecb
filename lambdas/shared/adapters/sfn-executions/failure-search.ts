import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListExecutionsCommand,
  paginateListMapRuns,
  type SFNClient,
} from '@aws-sdk/client-sfn'
import { z } from 'zod'
import type { Failure, FailureSearch } from '../../ports/executions.ts'

/** The Cause of a task that ran an execution: what DescribeExecution says of it. */
const nested = z.object({
  ExecutionArn: z.string(),
  Error: z.string().optional(),
  Cause: z.string().optional(),
})

/** Step Functions passes on the error of a nested execution as text, and that of a child of a Map Run not at all. */
export function sfnFailureSearch(client: SFNClient): FailureSearch {
  async function failedChildOf(executionArn: string): Promise<Failure | undefined> {
    for await (const { mapRuns = [] } of paginateListMapRuns({ client }, { executionArn })) {
      for (const { mapRunArn } of mapRuns) {
        const { status } = await client.send(new DescribeMapRunCommand({ mapRunArn }))
        if (status === 'FAILED') return failedIn(mapRunArn)
      }
    }
    return undefined
  }

  async function failedIn(mapRunArn: string | undefined): Promise<Failure | undefined> {
    const wanted = { mapRunArn, statusFilter: 'FAILED', maxResults: 1 } as const
    const { executions: [child] = [] } = await client.send(new ListExecutionsCommand(wanted))
    if (child?.executionArn === undefined) return undefined
    const { executionArn } = child
    const { error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }))
    return { executionArn, error, cause }
  }

  async function originOf(failure: Failure): Promise<Failure> {
    const inner = await innerOf(failure)
    return inner === undefined ? failure : originOf(inner)
  }

  async function innerOf({ executionArn, error, cause }: Failure): Promise<Failure | undefined> {
    if (error === 'States.ExceedToleratedFailureThreshold') return failedChildOf(executionArn)
    if (error !== 'States.TaskFailed') return undefined
    const parsed = nested.safeParse(jsonIn(cause)).data
    return parsed && { executionArn: parsed.ExecutionArn, error: parsed.Error, cause: parsed.Cause }
  }

  return { originOf }
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch (error) {
    // Most causes are plain sentences.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
