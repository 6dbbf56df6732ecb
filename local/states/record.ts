import type { EventDraft, HistoryEvent } from './history.ts'
import type { Json, JsonObject } from './json.ts'
import type { ExecutionStatus } from './ports.ts'

/** How a flow ended. */
type Outcome = { output: Json } | { error: string; cause?: string | undefined }

/** What a callback brought. */
export type Reply = { output: Json } | { error: string; cause?: string | undefined }

/** A task in flight: enough to call it again, or to go on waiting for it, after a restart. */
export interface TaskProgress {
  id: string
  arguments: Json
  deadline?: number | undefined
  timeoutSeconds?: number | undefined
  heartbeatSeconds?: number | undefined
  heartbeatDeadline?: number | undefined
  token?: string | undefined
  submitted?: boolean | undefined
  reply?: Reply | undefined
  childArn?: string | undefined
}

/** Progress within the current state. A new state begins with an empty one. */
export interface Step {
  /** Attempts that each Retrier has made. */
  retries?: number[] | undefined
  retryCount?: number | undefined
  retryAt?: number | undefined
  task?: TaskProgress | undefined
  /** End of a Wait. */
  until?: number | undefined
  /** Items of an inline Map, or the input of a Parallel's branches. */
  items?: Json | undefined
  maxConcurrency?: number | undefined
  mapRun?: string | undefined
  /** Set by a redrive: the Map Run is to be redriven, not only resumed. */
  redriven?: boolean | undefined
}

/** Where one flow of states stands: the execution itself, a branch of a Parallel, an iteration of an inline Map. */
export interface FlowRecord {
  state: string
  input: Json
  enteredAt: number
  enteredEvent: number
  lastEvent: number
  variables: JsonObject
  step: Step
  outcome: Outcome | null
}

/** What describe and list tell of an execution. Dates in epoch milliseconds. */
export interface ExecutionFacts {
  arn: string
  name: string
  machineArn: string
  machineName: string
  versionArn: string | null
  roleArn: string
  type: 'STANDARD' | 'EXPRESS'
  /** The definition it began with; a child of a Map Run has that of its parent. */
  definition: string | null
  mapRunArn: string | null
  itemCount: number
  input: Json
  status: ExecutionStatus
  startDate: number
  stopDate: number | null
  output: Json | null
  error: string | null
  cause: string | null
  redriveCount: number
  redriveDate: number | null
  /** Which round of a redriven Map Run this child belongs to. */
  round: number
  /** The task that started it, so that after a restart the task knows its own child. */
  startedBy: string | null
  /** The last status that the event sink has taken, with the redrive it belongs to. */
  told: string | null
}

/** One line of an execution's journal. */
export interface ExecutionLine {
  /** Facts that changed. */
  x?: Partial<ExecutionFacts>
  /** A flow, and what changed of it. */
  f?: string
  v?: Partial<FlowRecord>
  /** Variables that the flow assigned; all others stay. */
  a?: JsonObject
  /** Flows below this one are over. */
  drop?: string
  e?: HistoryEvent[]
}

/** A change to write: the same, with events that have no number yet. */
export interface Change {
  x?: Partial<ExecutionFacts> | undefined
  f?: string | undefined
  v?: Partial<FlowRecord> | undefined
  assign?: JsonObject | undefined
  drop?: string | undefined
  events?: EventDraft[] | undefined
}
