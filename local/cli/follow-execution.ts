import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn'
import { z } from 'zod'
import { runResult } from '../../lambdas/shared/contract/payloads.ts'
import { sfnFailureSearch } from '../../lambdas/shared/adapters/sfn-executions/failure-search.ts'
import type { RunOutcome } from '../../lambdas/shared/contract/stages.ts'
import type { Screen } from './screen.ts'
import { StageProgress } from './stage-progress.ts'

/** How a run ended, as commands tell it. `stopped`: the command was interrupted, and the run can go on. */
export type RunStatus = 'succeeded' | 'held' | 'repair' | 'rollback' | 'failed' | 'stopped'

export interface Ending {
  readonly status: RunStatus
  /** Why it did not succeed, or why it had nothing to do. */
  readonly why?: string
}

interface Following {
  readonly screen: Screen
  readonly signal: AbortSignal
  /** Something that keeps the run from ever ending. */
  readonly failure: () => Error | undefined
}

const pauseMilliseconds = 500

/** Shows how far a run is until it has ended, or until the signal is aborted. @throws the failure. */
export async function followExecution(
  states: SFNClient,
  executionArn: string,
  following: Following,
): Promise<Ending> {
  const { screen, signal, failure } = following
  const stages = new StageProgress(states, executionArn)
  const failures = sfnFailureSearch(states)
  for (;;) {
    if (signal.aborted) return { status: 'stopped' }
    const problem = failure()
    if (problem !== undefined) throw problem
    const described = await states.send(new DescribeExecutionCommand({ executionArn }))
    for (const progress of await stages.read()) screen.progress(progress)
    for (const sentence of stages.takeWaits()) screen.line(sentence)
    if (described.status !== 'RUNNING') {
      const { status, output } = described
      const { error, cause } = await failures.originOf({
        executionArn,
        error: described.error,
        cause: described.cause,
      })
      const ending = endingOf({ status, output, error, cause })
      const isIdle = ending.status === 'succeeded' && !stages.hasDoneAnything
      return isIdle
        ? { ...ending, why: 'Every stage had passed before; there was nothing left to do.' }
        : ending
    }
    await sleep(pauseMilliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}

interface Described {
  readonly status?: string | undefined
  readonly output?: string | undefined
  readonly error?: string | undefined
  readonly cause?: string | undefined
}

const outcomes: Readonly<Record<RunOutcome, Ending>> = {
  complete: { status: 'succeeded' },
  held: { status: 'held', why: 'a gate holds the run; start it again to come back to the same gate' },
  repair: {
    status: 'repair',
    why: 'a gate sent a stage back; mend the cause and start it again: failed batches are taken up, those with differences are compared again',
  },
  rollback: {
    status: 'rollback',
    why: 'a gate decided to roll back; what was loaded stays, and the undo log holds what was there before',
  },
}

export function endingOf({ status, output, error, cause }: Described): Ending {
  if (status === 'SUCCEEDED') return outcomes[runResult.parse(JSON.parse(output ?? '{}')).outcome]
  return { status: 'failed', why: whyOf(error ?? status ?? 'unknown', cause) }
}

/** A function's error, as Step Functions writes it into a Cause. */
const reported = z.object({ errorMessage: z.string() })

function whyOf(error: string, cause: string | undefined): string {
  const why = reported.safeParse(jsonIn(cause)).data?.errorMessage ?? cause ?? ''
  return why === '' ? error : `${error}: ${why}`
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
