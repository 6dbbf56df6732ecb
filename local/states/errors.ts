import type { EventDraft } from './history.ts'

/**
 * A field, state type, resource or setting that this interpreter does not implement. `path` says where, as in
 * `States.Load.ResultWriter.WriterConfig`.
 */
export class UnsupportedFeature extends Error {
  override readonly name = 'UnsupportedFeature'
  readonly path: string

  constructor(path: string, why: string) {
    super(`${path}: ${why}`)
    this.path = path
  }
}

/** A definition that Step Functions would refuse too. `path` says where. */
export class InvalidDefinition extends Error {
  override readonly name = 'InvalidDefinition'
  readonly path: string

  constructor(path: string, why: string) {
    super(`${path}: ${why}`)
    this.path = path
  }
}

/** A state failed with an error name of the States Language; Retry and Catch look at it. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure'
  readonly error: string
  readonly reason: string | undefined
  /** History that the failure leaves; written together with what is decided about it, so that a kill loses neither. */
  readonly events: EventDraft[]

  constructor(error: string, reason?: string, events: EventDraft[] = []) {
    super(reason === undefined ? error : `${error}: ${reason}`)
    this.error = error
    this.reason = reason
    this.events = events
  }
}

/** The work was told to stop: the engine closes, the execution was stopped or timed out, or a sibling failed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** An error of the Step Functions API; `type` is its `__type`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}
