import type { Definition, StateList } from './definition.ts'
import type { Execution } from './execution.ts'
import type { Json } from './json.ts'
import type { Evaluator } from './jsonata.ts'
import type { MapItem, MapRun, MapRunPlan } from './map-run.ts'
import type { Ports } from './ports.ts'

/** What a nested start asks for. */
export interface NestedStart {
  machineArn: string
  name: string
  input: Json
  /** The task that starts it: a second start by the same task finds the first one. */
  startedBy: string
}

/** What the states use of the engine. */
export interface Runtime {
  readonly ports: Ports
  readonly evaluator: Evaluator
  /** Aborted when the engine closes. */
  readonly closing: AbortSignal
  /** Starts an execution, or returns the one that the same task has started before. */
  startNested(start: NestedStart): Execution
  /** Resolves when the execution has ended; rejects when the engine closes. */
  ended(arn: string): Promise<Execution>
  /** Stops an execution that runs. */
  abort(execution: Execution, error?: string, cause?: string): void
  /** Resolves when a callback has been written for the token. */
  called(token: string, signal: AbortSignal): Promise<void>
  mapRun(arn: string): MapRun | undefined
  /** A Map Run with its items on disk. */
  openMapRun(parent: Execution, arn: string, plan: MapRunPlan, items: AsyncIterable<MapItem>): Promise<MapRun>
  newChild(run: MapRun, index: number): Execution
  /** Runs an execution to its end, from wherever it stands. Resolves also when it fails. */
  drive(execution: Execution, list: StateList, definition: Definition, parent: AbortSignal): Promise<void>
}
