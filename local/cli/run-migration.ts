import { writeFile } from 'node:fs/promises'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { announce } from './announce.ts'
import { createClients, type Clients } from './clients.ts'
import { followExecution, type Ending } from './follow-execution.ts'
import { faultsAnnounced, faultsCounted, faultsOf } from './faults.ts'
import { GateKeeper } from './gate-keeper.ts'
import { killAfter } from './kill-after.ts'
import type { LocalSystem, StartLocalSystem } from './local-system.ts'
import { peakMemoryMiB } from './peak-memory.ts'
import type { RunOptions } from './run-options.ts'
import type { Screen } from './screen.ts'
import { readStageReports, type StageReport } from './stage-report.ts'
import { summaryTable } from './summary-table.ts'
import type { synthesise } from './synthesise.ts'
import { UsageError } from './usage-error.ts'

/** What a run needs from outside, so that a test can bring its own. */
export interface Surroundings {
  readonly screen: Screen
  readonly startLocalSystem: StartLocalSystem
  readonly synthesise: typeof synthesise
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

export interface RunRequest {
  readonly migration: Migration
  readonly stateDirectory: string
  readonly options: Omit<RunOptions, 'state'>
  /** Starts or finds the execution, once the system is up. Answers its ARN. */
  readonly execution: (clients: Clients, system: LocalSystem) => Promise<string>
}

/** Brings the local system up, follows one execution to its end, and reports. Answers the exit code. */
export async function runMigration(request: RunRequest, around: Surroundings): Promise<0 | 1> {
  const { stateDirectory, options } = request
  const { screen, signal } = around
  const faults = faultsOf(options)
  const assemblyDirectory = await around.synthesise(stateDirectory, screen, signal)
  screen.line('Starting the local system …')
  const system = await around.startLocalSystem({
    stateDirectory,
    assemblyDirectory,
    port: options.port,
    onServed: killAfter(options.killAfter),
    ...(faults && { faults }),
    ...(options.calendar !== undefined && { calendarFile: options.calendar }),
    unconfirmed: options.unconfirmed,
  })
  try {
    const clients = createClients(system.endpoint, system.stateMachineArn)
    announce(system, clients.region, screen)
    if (faults) screen.line(faultsAnnounced(faults))
    const ending = await endOf(request, system, clients, around)
    screen.endProgress()
    const stages = await readStageReports(clients.s3, system.evidenceBucket, request.migration)
    const counted = system.faults()
    if (counted) screen.line(faultsCounted(counted))
    const used = { requests: system.requests(), memoryMiB: peakMemoryMiB(system.peakMemory()) }
    await report(ending, stages, used, request, screen)
    return ending.status === 'succeeded' ? 0 : 1
  } finally {
    screen.endProgress()
    await system.close()
  }
}

async function endOf(
  request: RunRequest,
  system: LocalSystem,
  clients: Clients,
  around: Surroundings,
): Promise<Ending> {
  const { screen, signal } = around
  const keeper = new GateKeeper(system, screen, signal)
  try {
    const executionArn = await request.execution(clients, system)
    keeper.watch(request.options.approve)
    return await followExecution(clients.states, executionArn, {
      screen,
      signal,
      failure: () => keeper.failure,
    })
  } catch (error) {
    if (error instanceof UsageError) throw error
    return { status: 'failed', why: error instanceof Error ? error.message : String(error) }
  }
}

async function report(
  { status, why }: Ending,
  stages: readonly StageReport[],
  used: { readonly requests: number; readonly memoryMiB: Readonly<Record<string, number>> },
  { migration, stateDirectory, options }: RunRequest,
  screen: Screen,
): Promise<void> {
  if (stages.length > 0) screen.line(`\n${summaryTable(stages)}\n`)
  screen.line(
    `The run ${status === 'stopped' ? 'was stopped' : `has ended: ${status}`}.${why ? ` ${why}` : ''}`,
  )
  // What is to be rolled back goes no further, however it is started.
  if (status !== 'succeeded' && status !== 'rollback') {
    screen.line(`Go on with it:\n  npm run local -- resume --state ${stateDirectory}`)
  }
  if (status === 'failed') {
    screen.line(
      'A run that is resumed keeps its definition, settings and input. Where you have changed one of them, start again:\n' +
        `  npm run local -- start ${migration.name} --state ${stateDirectory}`,
    )
  }
  if (options.json === undefined) return
  await writeFile(options.json, `${JSON.stringify({ status, ...used, stages }, null, 2)}\n`)
  screen.line(`Result: ${options.json}`)
}
