import type { Definition, StateList } from './definition.ts'
import { Interrupted, StateFailure } from './errors.ts'
import { ROOT, type Execution } from './execution.ts'
import { ExecutionTimeout, beforeTimeout } from './execution-deadline.ts'
import { endAborted, endFailed, endTimedOut, success } from './execution-end.ts'
import type { ExecutionStore } from './execution-store.ts'
import { runFlow } from './flow.ts'
import type { Json } from './json.ts'
import { Evaluator } from './jsonata.ts'
import { loadDefinition } from './load-definition.ts'
import type { Machines } from './machines.ts'
import { newChild, openMapRun } from './map-run-start.ts'
import type { MapItem, MapRun, MapRunPlan } from './map-run.ts'
import type { Ports } from './ports.ts'
import { runState } from './run-state.ts'
import type { NestedStart, Runtime } from './runtime.ts'
import { FlowScope } from './scope.ts'
import { startExecution } from './start.ts'
import { StatusTeller } from './status-teller.ts'
import { Waiters } from './waiters.ts'

/** Carries executions out. What it holds in memory only is who waits for what; the rest is in the store. */
export class Runner implements Runtime {
  readonly ports: Ports
  readonly evaluator: Evaluator
  readonly store: ExecutionStore
  readonly machines: Machines
  readonly #close = new AbortController()
  readonly #running = new Map<string, { stop: AbortController; done: Promise<void> }>()
  readonly #waiters = new Waiters()
  readonly #teller: StatusTeller

  constructor(ports: Ports, store: ExecutionStore, machines: Machines) {
    this.ports = ports
    this.store = store
    this.machines = machines
    this.evaluator = new Evaluator(ports)
    this.#teller = new StatusTeller(ports, this.closing)
  }

  get closing(): AbortSignal {
    return this.#close.signal
  }

  /** Runs a top-level execution in the background. */
  launch(execution: Execution): void {
    this.tell(execution)
    const definition = loadDefinition(execution.facts.definition ?? '')
    this.drive(execution, definition, definition, this.closing).catch((error: unknown) => {
      if (error instanceof Interrupted) return
      this.ports.report(error instanceof Error ? error : new Error(String(error)))
    })
  }

  /** Tells the execution's status, unless that has been done. */
  tell(execution: Execution): void {
    this.#teller.tell(execution)
  }

  async drive(execution: Execution, list: StateList, definition: Definition, parent: AbortSignal) {
    const { arn } = execution.facts
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, parent])
    const done = this.#run(execution, { list, definition, signal, stop })
    this.#running.set(arn, { stop, done })
    try {
      await done
    } finally {
      this.#running.delete(arn)
    }
    if (this.closing.aborted && execution.facts.status === 'RUNNING') throw new Interrupted('closing')
    if (execution.facts.status === 'SUCCEEDED') execution.forgetFlows()
    this.tell(execution)
    this.#waiters.wake(arn)
  }

  async #run(
    execution: Execution,
    by: { list: StateList; definition: Definition; signal: AbortSignal; stop: AbortController },
  ): Promise<void> {
    const { clock } = this.ports
    const { list, definition, signal } = by
    const scope = new FlowScope({ runtime: this, execution, definition, list, id: ROOT, signal, runState })
    const closing = (output: Json) => success(output, clock.now())
    const flow = runFlow(scope, () => execution.facts.input, { closing })
    try {
      await beforeTimeout(flow, { execution, definition, clock, signal })
    } catch (error) {
      if (this.closing.aborted || execution.facts.status !== 'RUNNING') return
      if (error instanceof StateFailure) endFailed(execution, error, clock.now())
      else if (error instanceof Interrupted) endAborted(execution, clock.now())
      else if (error instanceof ExecutionTimeout) {
        endTimedOut(execution, clock.now())
        by.stop.abort()
      } else throw error
    }
  }

  abort(execution: Execution, error?: string, cause?: string): void {
    endAborted(execution, this.ports.clock.now(), error, cause)
    this.#running.get(execution.facts.arn)?.stop.abort()
  }

  /** Resolves when no work of the execution is under way any more. */
  async idle(arn: string): Promise<void> {
    await this.#running.get(arn)?.done.catch(() => undefined)
  }

  async ended(arn: string): Promise<Execution> {
    const execution = this.store.executions.get(arn)
    if (execution === undefined) throw new Error(`There is no execution ${arn}`)
    if (execution.facts.status === 'RUNNING') await this.#waiters.wait(arn, this.closing)
    return execution
  }

  called(token: string, signal: AbortSignal): Promise<void> {
    return this.#waiters.wait(token, signal)
  }

  /** Wakes the task that waits for the token; what has come is in its flow already. */
  wake(token: string): void {
    this.#waiters.wake(token)
  }

  startNested({ machineArn, name, input, startedBy }: NestedStart): Execution {
    return startExecution(this, { machine: this.machines.get(machineArn), name, input, startedBy })
  }

  mapRun(arn: string): MapRun | undefined {
    return this.store.mapRuns.get(arn)
  }

  openMapRun(parent: Execution, arn: string, plan: MapRunPlan, items: AsyncIterable<MapItem>) {
    return openMapRun(this, parent, arn, plan, items)
  }

  newChild(run: MapRun, index: number): Execution {
    const child = newChild(this, run, index)
    this.tell(child)
    return child
  }

  /** Stops all work without ending any execution. */
  async close(): Promise<void> {
    this.#close.abort()
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done))
    await this.#teller.settled()
  }
}
