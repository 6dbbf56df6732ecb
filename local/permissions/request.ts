import type { z } from 'zod'
import type { Context } from './conditions.ts'

export type Service = 'dynamodb' | 's3' | 'sns' | 'states' | 'kms' | 'lambda' | 'ssm'

/** A request as it arrives at one of the local services. */
export interface ServiceRequest {
  readonly service: Service
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case, as Node.js has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Text of the body; may be empty for what carries an object (S3 PUT). */
  readonly body: string
}

export interface RequestScope {
  readonly account: string
  readonly region: string
  /** The state machine whose execution waits with this token; without it SendTask* is on `*`. */
  readonly stateMachineArnOf?: (taskToken: string) => string | undefined
  /** The key that an alias means, or that a ciphertext was made with where the request names no key. */
  readonly keyArnOf?: (
    key: { readonly alias: string } | { readonly ciphertext: string },
  ) => string | undefined
}

/** One permission that a request needs, on each of the resources. */
export interface RequestedAction {
  readonly action: string
  readonly resourceArns: readonly string[]
  readonly context: Context
}

/** An operation of which it is not known which permission it needs. */
export class UnsupportedOperation extends Error {
  override readonly name = 'UnsupportedOperation'

  constructor(service: Service, operation: string) {
    super(`${service}: the operation ${operation} is not supported on one machine`)
  }
}

export function header(request: ServiceRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** `PutItem` of `x-amz-target: DynamoDB_20120810.PutItem`. */
export function targetOperation(request: ServiceRequest, prefix: string): string {
  const target = header(request, 'x-amz-target') ?? `${request.method} ${request.path}`
  if (!target.startsWith(`${prefix}.`)) throw new UnsupportedOperation(request.service, target)
  return target.slice(prefix.length + 1)
}

/** The part of a JSON body that says which resource is meant. */
export function bodyOf<S extends z.ZodType>(request: ServiceRequest, schema: S): z.infer<S> {
  return schema.parse(JSON.parse(request.body === '' ? '{}' : request.body))
}
