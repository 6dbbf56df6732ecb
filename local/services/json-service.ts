import { AccessDenied, JsonServiceError, type ServiceHandler } from './calls.ts'
import { readBody, sendJson } from './http.ts'

type Input = Readonly<Record<string, unknown>>
export type JsonOperation = (input: Input) => unknown

const maxBodyBytes = 8 * 1024 * 1024

/** A service whose operations are named by X-Amz-Target, and whose inputs and outputs are JSON. */
export function jsonService(
  name: string,
  contentType: string,
  operations: Readonly<Record<string, JsonOperation>>,
): ServiceHandler {
  return (call) =>
    answerJson(call, contentType, async () => {
      const operation = operationOf(call.request.headers['x-amz-target'])
      const body = await readBody(call.request, maxBodyBytes)
      call.permit({ body: body.toString() })
      const perform = Object.hasOwn(operations, operation) ? operations[operation] : undefined
      if (perform === undefined) throw notOffered(name, operation)
      return perform(parseInput(body))
    })
}

export const operationOf = (target: string | string[] | undefined): string =>
  String(target ?? '')
    .split('.')
    .at(-1) ?? ''

export const notOffered = (service: string, operation: string) =>
  new JsonServiceError('UnknownOperationException', `The local ${service} does not offer ${operation}`)

export function parseInput(body: Buffer): Input {
  try {
    const input: unknown = JSON.parse(body.length === 0 ? '{}' : body.toString())
    if (typeof input === 'object' && input !== null) return input as Input
  } catch (cause) {
    throw Object.assign(new JsonServiceError('SerializationException', 'The body is not JSON'), { cause })
  }
  throw new JsonServiceError('SerializationException', 'The body is not a JSON object')
}

/** Answers with what `perform` gives, or with the refusal it throws. */
export async function answerJson(
  { response }: Parameters<ServiceHandler>[0],
  contentType: string,
  perform: () => Promise<unknown>,
): Promise<void> {
  try {
    sendJson(response, 200, await perform(), contentType)
  } catch (error) {
    if (error instanceof AccessDenied) {
      const refusal = { __type: 'AccessDeniedException', Message: error.message, message: error.message }
      sendJson(response, 400, refusal, contentType)
    } else if (error instanceof JsonServiceError) {
      sendJson(response, error.statusCode, { __type: error.type, message: error.message }, contentType)
    } else throw error
  }
}

/** A field that must be a text that is not empty. */
export function textField(input: Input, name: string): string {
  const value = input[name]
  if (typeof value === 'string' && value !== '') return value
  throw new JsonServiceError(
    'ValidationException',
    `1 validation error detected: Value at '${name}' must not be null`,
  )
}
