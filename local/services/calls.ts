import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestedAction } from '../permissions/request.ts'

/** Path and query as they were sent: the URL class would take `a/../b`, which is a key of S3, for `b`. */
export interface Target {
  readonly pathname: string
  readonly searchParams: URLSearchParams
}

export function targetOf(request: IncomingMessage): Target {
  const [pathname = '/', ...query] = (request.url ?? '/').split('?')
  return { pathname, searchParams: new URLSearchParams(query.join('?')) }
}

/** What a permission is asked for, where that is not the request itself. */
export interface Asked {
  readonly method?: string
  readonly path?: string
  readonly query?: URLSearchParams
  /** Text of the body. */
  readonly body?: string
}

export interface ServiceRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: Target
  /** ARN of the role whose key signed; undefined for the operator at the keyboard. */
  readonly roleArn: string | undefined
  /** Throws AccessDenied when the signer is a role that may not do this. */
  readonly permit: (asked: Asked) => void
  /** The same for a single permission. */
  readonly permitAction: (action: RequestedAction) => void
}

export type ServiceHandler = (call: ServiceRequest) => Promise<void>

export class AccessDenied extends Error {
  override readonly name = 'AccessDenied'
}

/** A refusal of a service that speaks JSON: answered as `{ __type, message }`. */
export class JsonServiceError extends Error {
  readonly type: string
  readonly statusCode: number

  constructor(type: string, message: string, statusCode = 400) {
    super(message)
    this.type = type
    this.statusCode = statusCode
  }
}
