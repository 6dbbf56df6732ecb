/** What the pool and the bootstrap of a function process say to each other over the IPC channel. */
export interface InvokeMessage {
  readonly requestId: string
  /** The event, as JSON text. */
  readonly payload: string
  readonly functionArn: string
  /** Milliseconds since the epoch at which the time limit is reached. */
  readonly deadline: number
}

export interface Measured {
  /** Largest resident set of the process so far, in KiB. */
  readonly peakKiB: number
}

export type ProcessMessage =
  | { readonly type: 'ready'; readonly initMilliseconds: number }
  | ({ readonly type: 'result'; readonly requestId: string; readonly payload: string } & Measured)
  | ({ readonly type: 'error'; readonly error: ErrorPayload; readonly exits: boolean } & Measured)

/** The payload of a failed invocation, in the fields and the order that Lambda's Node runtime sends them. */
export interface ErrorPayload {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

/** Lambda's limits for synchronous invocations, in bytes: 6 MB in; out, the same and 100 bytes for the envelope. */
export const maxRequestBytes = 6 * 1024 * 1024
export const maxResponseBytes = maxRequestBytes + 100
