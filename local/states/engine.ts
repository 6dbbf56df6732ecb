/**
 * State machines of Step Functions on one machine.
 *
 * The engine interprets the Amazon States Language with JSONata. It implements what Lockgate's state machines use, in
 * full, and refuses the rest by name when a definition is registered; no field is ever ignored.
 *
 * - `load-definition.ts` reads and refuses; `definition.ts` has the types. `flow.ts` runs a list of states, `run-state.ts`
 *   one state with Retry and Catch, and there is a file for each kind of state (`task.ts`, `choice.ts`, `wait.ts`,
 *   `parallel.ts`, `map-inline.ts`, `map-distributed.ts`, `fail.ts`). `jsonata.ts` evaluates expressions.
 * - Each execution has a journal on disk (`journal.ts`, `record.ts`, `execution.ts`); the children of a Map Run share
 *   one. Every step is in the journal before it has an effect that anyone could see. After a kill, `recover()` goes on
 *   with all that run: finished states are not run again, a task in flight is called again, a token stays valid, times
 *   and retry counts are kept. Starting, resuming and redriving are the same code: a flow runs on from where it stands.
 * - `ports.ts` says what is needed from outside: functions, services, objects, permissions, time, chance, events.
 * - `api.ts` speaks the JSON protocol of Step Functions over this class, for the AWS SDK and CLI.
 *
 * Use: construct an `Engine`, register the state machines, then `recover()`, then start executions; `close()` at the
 * end. One process at a time may use a directory.
 */
import { mkdirSync } from 'node:fs'
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './callbacks.ts'
import { ApiError } from './errors.ts'
import type { Execution } from './execution.ts'
import { ExecutionStore } from './execution-store.ts'
import type { HistoryEvent } from './history.ts'
import type { Json } from './json.ts'
import { childrenOf, executionsOf, mapRunsOf } from './listing.ts'
import { Machines, type Machine, type Registration } from './machines.ts'
import type { MapRun } from './map-run.ts'
import type { ExecutionStatus, Ports } from './ports.ts'
import { parseArn } from './arns.ts'
import { holdRedrivable, reopen } from './redrive.ts'
import { Runner } from './runner.ts'
import { startExecution } from './start.ts'

/** An engine over a directory. Errors of the Step Functions API are thrown as `ApiError`. */
export class Engine {
  readonly #machines: Machines
  readonly #store: ExecutionStore
  readonly #runner: Runner
  readonly #ports: Ports
  #latest: { arn: string; count: number; events: HistoryEvent[] } | undefined

  /** Reads what the directory holds; nothing runs before `recover`. */
  constructor(directory: string, ports: Ports) {
    mkdirSync(directory, { recursive: true })
    const now = () => ports.clock.now()
    this.#ports = ports
    this.#machines = new Machines(directory, now)
    this.#store = new ExecutionStore(directory, now)
    this.#runner = new Runner(ports, this.#store, this.#machines)
  }

  /** Goes on with every execution that was running, and tells statuses that a kill kept from being told. */
  recover(): void {
    for (const execution of this.#store.executions.values()) {
      const { status, mapRunArn } = execution.facts
      if (status === 'RUNNING' && mapRunArn === null) this.#runner.launch(execution)
      else this.#runner.tell(execution)
    }
  }

  /** Stops all work; executions stay as they are, and go on with the next `recover`. */
  async close(): Promise<void> {
    await this.#runner.close()
    this.#store.close()
    this.#machines.close()
  }

  /** Throws UnsupportedFeature or InvalidDefinition. Executions that run keep the definition they began with. */
  registerStateMachine(registration: Registration): void {
    this.#machines.register(registration)
  }

  /** Starts an execution of a state machine, or of one of its versions. */
  startExecution(start: { stateMachineArn: string; name?: string | undefined; input?: Json }): Execution {
    const machine = this.#machines.get(start.stateMachineArn)
    const name = start.name ?? this.#ports.newId()
    return startExecution(this.#runner, { machine, name, input: start.input ?? {} })
  }

  /** The execution, running or ended. Throws ExecutionDoesNotExist. */
  execution(arn: string): Execution {
    const { kind } = parseArn(arn)
    if (kind !== 'execution' && kind !== 'express') throw new ApiError('InvalidArn', `Invalid Arn: '${arn}'`)
    const execution = this.#store.executions.get(arn)
    if (execution === undefined)
      throw new ApiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
    return execution
  }

  /** Resolves when the execution has ended, whatever its status. */
  ended(arn: string): Promise<Execution> {
    return this.#runner.ended(this.execution(arn).facts.arn)
  }

  /** Executions of a machine or version, or children of a Map Run; the newest first. */
  executions(of: { stateMachineArn: string } | { mapRunArn: string }, status?: ExecutionStatus): Execution[] {
    const all =
      'mapRunArn' in of
        ? childrenOf(this.mapRun(of.mapRunArn))
        : executionsOf(this.#store, this.#machines.get(of.stateMachineArn))
    return all.filter(({ facts }) => status === undefined || facts.status === status)
  }

  /** The history of a Standard execution. That of succeeded children of a very large Map Run is not kept. */
  history(arn: string): HistoryEvent[] {
    const execution = this.execution(arn)
    const count = execution.eventCount
    // A client asks for one page after another, and each would read the journal anew.
    if (this.#latest?.arn === arn && this.#latest.count === count) return this.#latest.events
    const events = execution.facts.type === 'EXPRESS' ? undefined : execution.events()
    if (events === undefined) throw new ApiError('ExecutionDoesNotExist', `There is no history of '${arn}'`)
    this.#latest = { arn, count, events }
    return events
  }

  /** Stops an execution; of one that has ended it does nothing. */
  stopExecution(arn: string, error?: string, cause?: string): Execution {
    const execution = this.execution(arn)
    if (execution.facts.type === 'EXPRESS') {
      throw new ApiError('StateMachineTypeNotSupported', 'Express executions cannot be stopped')
    }
    if (execution.facts.status === 'RUNNING') this.#runner.abort(execution, error, cause)
    return execution
  }

  /** Goes on with a failed, stopped or timed out execution, from the states that did not succeed. */
  async redriveExecution(arn: string): Promise<Execution> {
    const execution = this.execution(arn)
    holdRedrivable(execution, this.#ports.clock.now())
    await this.#runner.idle(arn)
    holdRedrivable(execution, this.#ports.clock.now())
    reopen(execution, this.#ports.clock.now())
    this.#runner.launch(execution)
    return execution
  }

  /** Throws InvalidToken, TaskDoesNotExist, TaskTimedOut or InvalidOutput. `output` is JSON text. */
  sendTaskSuccess(token: string, output: string): void {
    sendTaskSuccess(this.#runner, token, output)
  }

  sendTaskFailure(token: string, error = '', cause?: string): void {
    sendTaskFailure(this.#runner, token, error, cause)
  }

  sendTaskHeartbeat(token: string): void {
    sendTaskHeartbeat(this.#runner, token)
  }

  /** Throws ResourceNotFound. */
  mapRun(arn: string): MapRun {
    if (parseArn(arn).kind !== 'mapRun') throw new ApiError('InvalidArn', `Invalid Arn: '${arn}'`)
    const run = this.#store.mapRuns.get(arn)
    if (run === undefined) throw new ApiError('ResourceNotFound', `Map Run Does Not Exist: '${arn}'`)
    return run
  }

  /** Map Runs of an execution, the newest first. */
  mapRuns(executionArn: string): MapRun[] {
    return mapRunsOf(this.#store, this.execution(executionArn).facts.arn)
  }

  stateMachines(): Machine[] {
    return this.#machines.list()
  }

  /** A state machine, or the version that the ARN names. Throws StateMachineDoesNotExist. */
  stateMachine(arn: string): Machine {
    return this.#machines.get(arn)
  }

  /** Published versions, the newest first. */
  stateMachineVersions(arn: string): Machine[] {
    return this.#machines.versions(arn)
  }

  /** The definition that the execution began with; a child has that of the execution above it. */
  definitionOf(arn: string): string {
    const { definition, mapRunArn } = this.execution(arn).facts
    return mapRunArn === null
      ? (definition ?? '')
      : this.definitionOf(this.mapRun(mapRunArn).facts.executionArn)
  }

  /** The time of the engine's clock, epoch milliseconds. */
  now(): number {
    return this.#ports.clock.now()
  }
}
