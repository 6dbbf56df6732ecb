import type { Json, JsonObject } from './json.ts'

/** A list of states: a whole machine, a branch of a Parallel, or the processor of a Map. */
export interface StateList {
  startAt: string
  states: ReadonlyMap<string, State>
}

/** A state machine that this interpreter carries out in full. */
export interface Definition extends StateList {
  comment: string | undefined
  timeoutSeconds: number | undefined
  /** The text it was read from. */
  text: string
}

/** A value with JSONata expressions in it: any JSON whose strings `{% … %}` are evaluated. */
export type Template = Json

/** A whole number, or a JSONata expression that yields one. */
export type NumberTemplate = number | string

interface Common {
  name: string
  output: Template | undefined
  assign: JsonObject | undefined
}

interface Flowing extends Common {
  /** Without it the state is the last one. */
  next: string | undefined
}

interface Failing extends Flowing {
  retry: Retrier[]
  catch: Catcher[]
}

export interface Retrier {
  errorEquals: string[]
  intervalSeconds: number
  maxAttempts: number
  backoffRate: number
  maxDelaySeconds: number | undefined
  jitter: 'FULL' | 'NONE'
}

export interface Catcher {
  errorEquals: string[]
  next: string
  output: Template | undefined
  assign: JsonObject | undefined
}

/** What a Task calls. `resource` is the last part of its ARN, as the history shows it. */
export type Integration =
  | { kind: 'lambda'; resource: string; token: boolean }
  | { kind: 'execution'; resource: string; sync: boolean }
  | { kind: 'service'; resource: string; service: string; action: string; style: 'optimized' | 'aws-sdk' }

export interface TaskState extends Failing {
  type: 'Task'
  integration: Integration
  arguments: Template | undefined
  timeoutSeconds: NumberTemplate | undefined
  heartbeatSeconds: NumberTemplate | undefined
}

export interface ChoiceState extends Common {
  type: 'Choice'
  choices: { condition: string; next: string; output: Template | undefined; assign: JsonObject | undefined }[]
  default: string | undefined
}

export interface WaitState extends Flowing {
  type: 'Wait'
  until: { seconds: NumberTemplate } | { timestamp: string }
}

export interface PassState extends Flowing {
  type: 'Pass'
}

export interface SucceedState extends Common {
  type: 'Succeed'
}

export interface FailState extends Common {
  type: 'Fail'
  error: string | undefined
  cause: string | undefined
}

export interface ParallelState extends Failing {
  type: 'Parallel'
  branches: StateList[]
  arguments: Template | undefined
}

export interface ItemReader {
  arguments: Template
  inputType: 'JSON' | 'JSONL'
  maxItems: NumberTemplate | undefined
}

export interface ItemBatcher {
  maxItems: NumberTemplate | undefined
  maxBytes: NumberTemplate | undefined
  batchInput: Template | undefined
}

export interface Distribution {
  executionType: 'STANDARD' | 'EXPRESS'
  label: string
  reader: ItemReader | undefined
  batcher: ItemBatcher | undefined
  /** Where the results go; without it they are the state's result. */
  writer: Template | undefined
  toleratedCount: NumberTemplate | undefined
  toleratedPercentage: NumberTemplate | undefined
}

export interface MapState extends Failing {
  type: 'Map'
  processor: StateList
  items: Template | undefined
  itemSelector: Template | undefined
  maxConcurrency: NumberTemplate
  /** Set when the processor's mode is DISTRIBUTED. */
  distributed: Distribution | undefined
}

export type State =
  TaskState | ChoiceState | WaitState | PassState | SucceedState | FailState | ParallelState | MapState
