import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerGate, approvalLink } from '../../../local/cli/answer-gate.ts'
import { createClients } from '../../../local/cli/clients.ts'
import { followExecution, type Ending } from '../../../local/cli/follow-execution.ts'
import { GateKeeper } from '../../../local/cli/gate-keeper.ts'
import { localSystem, type LocalSystem } from '../../../local/cli/local-system.ts'
import { startExecution, startUpon } from '../../../local/cli/start-execution.ts'
import { startSystem, type System } from '../../../local/system.ts'
import type { FunctionKills } from './function-kills.ts'
import { isLoading } from './kills.ts'
import crossing from './migration.ts'
import { checkpointsNow } from './state-left.ts'

export interface Disturbed {
  readonly ending: Ending
  /** The runs it took, in their order. */
  readonly runs: readonly string[]
}

/**
 * Runs the migration while its functions are killed. Its first run is stopped at its first gate, which is decided while
 * nobody waits there, and is redriven; in the middle of load it is stopped for good, and taken over by a second run
 * while functions of the first are at work.
 */
export async function runDisturbed(state: string, source: string, kills: FunctionKills): Promise<Disturbed> {
  const parts: { running?: System } = {}
  parts.running = await startSystem({
    ...{ stateDirectory: state, assemblyDirectory: join(state, 'cdk.out'), port: 0 },
    onServed: () => kills.served(parts.running?.running() ?? []),
  })
  const system = localSystem(parts.running)
  const over = new AbortController()
  const { signal } = over
  try {
    const clients = createClients(system.endpoint, system.stateMachineArn)
    const { states } = clients
    const start = { migration: crossing.name, stateDirectory: state, input: {} }
    const sources = crossing.segments.map(({ name }) => ({ segment: name, path: join(source, name) }))
    const first = await startUpon(sources, clients, system, crossing, start, silent)

    const link = await firstLink(system)
    await states.send(new StopExecutionCommand({ executionArn: first }))
    if ((await answerGate(link, signal)) !== 'approved')
      throw new Error('the gate of a stopped run is closed')
    await states.send(new RedriveExecutionCommand({ executionArn: first }))

    const keeper = new GateKeeper(system, silent, signal)
    keeper.watch(true)
    const documents = DynamoDBDocumentClient.from(clients.dynamodb)
    while (!isLoading(await checkpointsNow(documents))) await sleep(20)
    await states.send(new StopExecutionCommand({ executionArn: first }))
    const second = await startExecution(states, system.stateMachineArn, start)
    const following = { screen: silent, signal, failure: () => keeper.failure }
    const ending = await followExecution(states, second, following)
    return { ending, runs: [first, second].map((arn) => arn.split(':').at(-1) ?? '') }
  } finally {
    over.abort()
    await system.close()
  }
}

const silent = { line: () => undefined, progress: () => undefined, endProgress: () => undefined }

async function firstLink(system: LocalSystem): Promise<string> {
  for (;;) {
    const [link] = system.mails().flatMap(({ text }) => approvalLink(text, system.approvalUrl) ?? [])
    if (link !== undefined) return link
    await sleep(20)
  }
}
