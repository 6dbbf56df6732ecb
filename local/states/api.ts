import { answers } from './api-answers.ts'
import { MalformedRequest } from './api-parameters.ts'
import type { Engine } from './engine.ts'
import { ApiError } from './errors.ts'
import { isObject, type Json, type JsonObject } from './json.ts'

const PREFIX = 'AWSStepFunctions.'

/** An HTTP answer; the body is JSON text, its content type `application/x-amz-json-1.0`. */
export interface StatesAnswer {
  status: number
  body: string
}

/**
 * Answers one request of the Step Functions JSON protocol. `target` is the header X-Amz-Target, such as
 * `AWSStepFunctions.StartExecution`; `body` the text of the request. Errors have the shape of the service:
 * `{"__type": "ExecutionDoesNotExist", "message": …}` with status 400.
 */
export async function handleStatesRequest(
  engine: Engine,
  target: string,
  body: string,
): Promise<StatesAnswer> {
  try {
    const answer = target.startsWith(PREFIX) ? answers.get(target.slice(PREFIX.length)) : undefined
    if (answer === undefined) throw new ApiError('UnknownOperationException', `'${target}' is not supported`)
    return told(200, await answer(engine, parse(body)))
  } catch (error) {
    if (error instanceof ApiError) return told(400, { __type: error.type, message: error.message })
    if (error instanceof MalformedRequest)
      return told(400, { __type: 'ValidationException', message: error.message })
    const message = error instanceof Error ? error.message : String(error)
    return told(500, { __type: 'InternalFailure', message })
  }
}

function told(status: number, answer: JsonObject): StatesAnswer {
  return { status, body: JSON.stringify(answer) }
}

function parse(body: string): JsonObject {
  let parsed: Json
  try {
    parsed = JSON.parse(body === '' ? '{}' : body) as Json
  } catch (error) {
    throw new ApiError('SerializationException', error instanceof Error ? error.message : 'not JSON')
  }
  if (!isObject(parsed)) throw new ApiError('SerializationException', 'not a JSON object')
  return parsed
}
