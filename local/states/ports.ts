import type { Json } from './json.ts'

/** Time. Milliseconds since the epoch. */
export interface Clock {
  now(): number
  /** Resolves after the time, or rejects as soon as the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** One call of a Lambda function. */
export interface InvokeRequest {
  /** As the state machine names it: ARN, partial ARN or name, with its qualifier. */
  functionArn: string
  payload: Json
  callerRoleArn: string
  /** Aborted only when the engine closes: stopping an execution does not stop its function. */
  signal: AbortSignal
}

/** `functionError` is set when the function failed; the payload is then `{errorType, errorMessage, trace}`. */
export interface InvokeResult {
  payload: Json
  functionError?: string | undefined
  executedVersion?: string | undefined
}

/** A call of another service: `service` as in the resource ARN (`dynamodb`, `sns`, or the aws-sdk name). */
export interface ServiceCall {
  /** `optimized` for arn:aws:states:::dynamodb:..., `aws-sdk` for arn:aws:states:::aws-sdk:... */
  integration: 'optimized' | 'aws-sdk'
  service: string
  action: string
  parameters: Json
  callerRoleArn: string
}

/** An object in S3, read or written with the credentials of a role. */
export interface ObjectRequest {
  bucket: string
  key: string
  callerRoleArn: string
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'

/** The detail of EventBridge's 'Step Functions Execution Status Change'. Dates in epoch milliseconds. */
export interface ExecutionStatusChange {
  executionArn: string
  stateMachineArn: string
  stateMachineVersionArn: string | null
  name: string
  status: ExecutionStatus
  startDate: number
  stopDate: number | null
  input: string
  output: string | null
  error: string | null
  cause: string | null
  redriveCount: number
  redriveDate: number | null
}

/**
 * What the engine needs from outside. A refusal of a service is thrown as an Error whose `name` is the error name that
 * Step Functions would report, with its prefix (`Lambda.TooManyRequestsException`,
 * `DynamoDB.ConditionalCheckFailedException`); its message becomes the Cause.
 */
export interface Ports {
  invokeFunction(request: InvokeRequest): Promise<InvokeResult>
  callService(call: ServiceCall): Promise<Json>
  readObject(request: ObjectRequest): AsyncIterable<Uint8Array>
  writeObject(request: ObjectRequest & { body: string; contentType: string }): Promise<void>
  /** Rejects when the role may not do this. Asked for states:* actions that the engine does itself. */
  authorize(request: { roleArn: string; action: string; resource: string }): Promise<void>
  clock: Clock
  /** At least 0, less than 1. */
  random(): number
  /** A new UUID, version 4. */
  newId(): string
  /** At least once for each status of a Standard execution, also over a restart. */
  executionStatusChanged(change: ExecutionStatusChange): void | Promise<void>
  /** A fault of the engine or of an event's receiver, which no execution can be told. */
  report(problem: Error): void
}
