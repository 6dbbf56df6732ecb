import { SFNClient, type ServiceOutputTypes } from '@aws-sdk/client-sfn'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { sfnFailureSearch } from '../../../lambdas/shared/adapters/sfn-executions/failure-search.ts'

const arn = (name: string) => `arn:aws:states:us-east-1:123456789012:${name}`
const cause = JSON.stringify({ errorType: 'SourceChanged', errorMessage: 'cities/1.csv was replaced' })
const child = { executionArn: arn('execution:stage/ProcessBatches:child'), error: 'SourceChanged', cause }
const tooMany = 'States.ExceedToleratedFailureThreshold'

/** Answers by operation and by the end of the ARN that it asks about. */
function statesWith(answers: Readonly<Record<string, object>>): SFNClient {
  const client = new SFNClient({ region: 'us-east-1' })
  client.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) => {
        const { mapRunArn, executionArn = '' } = arns.parse(input)
        const output = answers[`${commandName} ${(mapRunArn ?? executionArn).split(':').at(-1)}`]
        if (output === undefined) throw new Error(`not expected: ${commandName}`)
        return { response: {}, output: { $metadata: {}, ...output } as ServiceOutputTypes }
      },
    { step: 'initialize' },
  )
  return client
}

const arns = z.object({ mapRunArn: z.string().optional(), executionArn: z.string().optional() })

const mapRuns = {
  'ListMapRunsCommand stage-1': {
    mapRuns: [{ mapRunArn: arn('mapRun:stage/a:done') }, { mapRunArn: arn('mapRun:stage/b:failed') }],
  },
  'DescribeMapRunCommand done': { status: 'SUCCEEDED' },
  'DescribeMapRunCommand failed': { status: 'FAILED' },
  'ListExecutionsCommand failed': { executions: [{ executionArn: child.executionArn }] },
  'DescribeExecutionCommand child': { error: child.error, cause },
}

test('a run fails with what failed in a batch of its stage', async () => {
  const ExecutionArn = arn('execution:stage:stage-1')
  const failures = sfnFailureSearch(statesWith(mapRuns))
  const nested = JSON.stringify({
    ExecutionArn,
    Error: tooMany,
    Cause: 'The threshold was exceeded',
    Status: 'FAILED',
  })
  const failure = { executionArn: arn('execution:migrate:run-1'), error: 'States.TaskFailed', cause: nested }
  expect(await failures.originOf(failure)).toEqual(child)
})

test('where there is nothing within, the failure is its own origin', async () => {
  const failures = sfnFailureSearch(
    statesWith({ ...mapRuns, 'ListExecutionsCommand failed': { executions: [] } }),
  )
  for (const failure of [
    { executionArn: arn('execution:migrate:run-1'), error: 'LockHeld', cause },
    { executionArn: arn('execution:migrate:run-1'), error: 'States.TaskFailed', cause: 'no JSON' },
    { executionArn: arn('execution:migrate:run-1'), error: undefined, cause: undefined },
    { executionArn: arn('execution:stage:stage-1'), error: tooMany, cause: 'The threshold was exceeded' },
  ]) {
    expect(await failures.originOf(failure)).toEqual(failure)
  }
})
