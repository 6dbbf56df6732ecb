import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  RedriveExecutionCommand,
  StartExecutionCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn'
import { runResult } from '../../lambdas/shared/contract/payloads.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { Clients } from './clients.ts'
import type { LocalSystem } from './local-system.ts'
import type { Screen } from './screen.ts'
import { sendSources } from './send-sources.ts'
import type { SourceOption } from './source-files.ts'
import { writeState } from './state-directory.ts'

export interface Start {
  readonly migration: string
  readonly stateDirectory: string
  /** Laid over what a run needs at least: the migration and who started it. */
  readonly input: Readonly<Record<string, unknown>>
}

/** Who a local run says it was started by. */
const startedBy = 'operator@example.com'

/** Sends the sources, and starts an execution upon them. Cut off anywhere, it can be done again. */
export async function startUpon(
  sources: readonly SourceOption[],
  { s3, states }: Pick<Clients, 's3' | 'states'>,
  system: LocalSystem,
  migration: Migration,
  start: Start,
  screen: Screen,
): Promise<string> {
  await sendSources(s3, system, migration, sources, screen)
  return startExecution(states, system.stateMachineArn, start)
}

/** Starts an execution. Which one is written down before, so that `resume` finds it wherever this was cut off. */
export async function startExecution(
  states: SFNClient,
  stateMachineArn: string,
  start: Start,
): Promise<string> {
  const { migration, stateDirectory } = start
  const input = { migration, startedBy, ...start.input }
  const name = `${migration}-${new Date().toISOString().replace(/[:.]/g, '-')}`
  const executionArn = executionArnOf(stateMachineArn, name)
  await writeState(stateDirectory, { migration, executionArn, input })
  await states.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }))
  return executionArn
}

/** `arn:…:stateMachine:<machine>:<version>` becomes `arn:…:execution:<machine>:<name>`. */
export function executionArnOf(stateMachineArn: string, name: string): string {
  const [prefix, machine = ''] = stateMachineArn.split(':stateMachine:')
  return `${prefix}:execution:${machine.split(':')[0]}:${name}`
}

/**
 * The execution with which a run goes on. One that is running goes on by itself; one that failed is redriven, so that
 * it enters the failed state again; one that a gate held, or that has no more to do, is started again.
 */
export async function resumeExecution(
  states: SFNClient,
  stateMachineArn: string,
  executionArn: string,
  start: Start,
  screen: Screen,
): Promise<string> {
  const again = () => startExecution(states, stateMachineArn, start)
  const found = await describe(states, executionArn)
  if (found === undefined) {
    screen.line('No execution had been started yet: starting one.')
    return again()
  }
  const { status, output } = found
  switch (status) {
    case 'RUNNING':
    case 'PENDING_REDRIVE':
      screen.line('The execution goes on where it stopped.')
      return executionArn
    case 'FAILED':
    case 'TIMED_OUT':
    case 'ABORTED':
      screen.line(`The execution had ended with ${status}: redriving it.`)
      await states.send(new RedriveExecutionCommand({ executionArn }))
      return executionArn
    case 'SUCCEEDED':
    case undefined: {
      const { outcome } = runResult.parse(JSON.parse(output ?? '{}'))
      if (outcome === 'complete') {
        screen.line('The run had succeeded already.')
        return executionArn
      }
      screen.line(`The run had ended: ${outcome}. Starting again; what has passed is taken as done.`)
      return again()
    }
  }
}

async function describe(states: SFNClient, executionArn: string) {
  try {
    return await states.send(new DescribeExecutionCommand({ executionArn }))
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined
    throw error
  }
}
