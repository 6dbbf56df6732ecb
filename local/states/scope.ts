import type { Definition, NumberTemplate, State, StateList, Template } from './definition.ts'
import { Interrupted, StateFailure } from './errors.ts'
import type { Execution } from './execution.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { wrongType, type Scope } from './jsonata.ts'
import { MAX_VARIABLES_BYTES, holdPayloadLimit } from './limits.ts'
import { byteSize } from './json.ts'
import type { Change, FlowRecord, Step } from './record.ts'
import type { Runtime } from './runtime.ts'

/** What `$states` adds to the input in one place. */
export interface Extra {
  result?: Json
  errorOutput?: Json
  token?: string
  item?: { index: number; value: Json }
}

/** Everything that a state needs to run within its flow. */
export class FlowScope {
  readonly runtime: Runtime
  readonly runState: StateRunner
  readonly execution: Execution
  readonly definition: Definition
  readonly list: StateList
  readonly id: string
  readonly signal: AbortSignal
  readonly outer: FlowScope | undefined
  readonly item: { index: number; value: Json } | undefined

  constructor(from: {
    runtime: Runtime
    runState: StateRunner
    execution: Execution
    definition: Definition
    list: StateList
    id: string
    signal: AbortSignal
    outer?: FlowScope
    item?: { index: number; value: Json }
  }) {
    this.runtime = from.runtime
    this.runState = from.runState
    this.execution = from.execution
    this.definition = from.definition
    this.list = from.list
    this.id = from.id
    this.signal = from.signal
    this.outer = from.outer
    this.item = from.item ?? from.outer?.item
  }

  /** A flow within this one: a branch or an iteration. */
  inner(
    index: number,
    list: StateList,
    signal: AbortSignal,
    item?: { index: number; value: Json },
  ): FlowScope {
    const { runtime, runState, execution, definition } = this
    const id = `${this.id}/${index}`
    const outer = { runtime, runState, execution, definition, outer: this }
    return new FlowScope({ ...outer, list, id, signal, ...(item && { item }) })
  }

  get record(): FlowRecord {
    const record = this.execution.flow(this.id)
    if (record === undefined) throw new Error(`There is no flow '${this.id}' in ${this.execution.facts.arn}`)
    return record
  }

  get step(): Step {
    return this.record.step
  }

  now(): number {
    return this.runtime.ports.clock.now()
  }

  /** Writes a change of this flow. Work that was interrupted meanwhile must not write any more. */
  write(change: Omit<Change, 'f'>): void {
    if (this.signal.aborted) throw new Interrupted('interrupted')
    this.execution.write({ ...change, f: this.id })
  }

  /** Writes progress within the state; what is not given stays. */
  progress(step: Step, change: Omit<Change, 'f' | 'v'> = {}): void {
    this.write({ ...change, v: { step: { ...this.step, ...step } } })
  }

  async sleepUntil(time: number): Promise<void> {
    const left = time - this.now()
    if (left <= 0) return
    try {
      await this.runtime.ports.clock.sleep(left, this.signal)
    } catch (error) {
      if (this.signal.aborted) throw new Interrupted('interrupted')
      throw error
    }
  }

  /** Variables of this flow and of those around it. */
  variables(): JsonObject {
    return { ...this.outer?.variables(), ...this.record.variables }
  }

  expressionScope(extra: Extra = {}): Scope {
    const { input, state } = this.record
    const { token, item, ...known } = extra
    const context = this.context(token, item ?? this.item)
    return { state, states: { input, ...known, context }, variables: this.variables() }
  }

  evaluate(template: Template, field: string, extra: Extra = {}): Promise<Json> {
    return this.runtime.evaluator.evaluate(template, field, this.expressionScope(extra))
  }

  /** A number of the definition, or what its expression yields; of another type it is a States.QueryEvaluationError. */
  async number(
    template: NumberTemplate,
    field: string,
    least: number,
    most: number,
    whole = true,
  ): Promise<number> {
    const value = await this.evaluate(template, field)
    const right =
      typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
    if (!right) throw wrongType(this.expressionScope(), field, template, `number from ${least} to ${most}`)
    return value
  }

  /** Evaluates Assign and Output of a state, rule or Catcher; both see the variables as they were. */
  async conclude(
    of: { assign: JsonObject | undefined; output: Template | undefined },
    extra: Extra,
    otherwise: Json,
  ): Promise<{ output: Json; assigned: JsonObject }> {
    const { state } = this.record
    const assigned = of.assign === undefined ? {} : await this.evaluate(of.assign, 'Assign', extra)
    const output = of.output === undefined ? otherwise : await this.evaluate(of.output, 'Output', extra)
    holdPayloadLimit(assigned, state)
    holdPayloadLimit(output, state)
    if (!isObject(assigned)) throw new StateFailure('States.Runtime', 'Assign is not an object')
    const all = { ...this.variables(), ...assigned }
    if (of.assign !== undefined && byteSize(all) > MAX_VARIABLES_BYTES) {
      throw new StateFailure('States.DataLimitExceeded', 'The variables of the execution exceed 10 MiB.')
    }
    return { output, assigned }
  }

  /** The context object (developer guide, 'Accessing execution data from the Context object'). */
  context(token?: string, item?: { index: number; value: Json }): JsonObject {
    const { facts } = this.execution
    const { state, enteredAt, step } = this.record
    const iso = (time: number) => new Date(time).toISOString()
    return {
      Execution: {
        Id: facts.arn,
        Name: facts.name,
        Input: facts.input,
        StartTime: iso(facts.startDate),
        RoleArn: facts.roleArn,
        RedriveCount: facts.redriveCount,
        ...(facts.redriveDate === null ? {} : { RedriveTime: iso(facts.redriveDate) }),
      },
      State: { Name: state, EnteredTime: iso(enteredAt), RetryCount: step.retryCount ?? 0 },
      StateMachine: { Id: facts.machineArn, Name: facts.machineName },
      ...(token === undefined ? {} : { Task: { Token: token } }),
      ...(item === undefined ? {} : { Map: { Item: { Index: item.index, Value: item.value } } }),
    }
  }
}

/** What a state's own work brought, before Assign and Output. */
export interface Done {
  result?: Json
  events?: Change['events']
}

/** Where the flow goes after a state. */
export interface Transition {
  next: string | undefined
  output: Json
  assigned: JsonObject
  events: NonNullable<Change['events']>
}

/** Runs the state that a flow stands in, until it is left. */
export type StateRunner = (scope: FlowScope, state: State) => Promise<Transition>

/** The state that the flow stands in. */
export function currentState(scope: FlowScope): State {
  const state = scope.list.states.get(scope.record.state)
  if (state === undefined)
    throw new StateFailure('States.Runtime', `There is no state '${scope.record.state}'`)
  return state
}
