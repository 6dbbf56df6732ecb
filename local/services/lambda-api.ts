import { LambdaServiceError } from '../lambda/errors.ts'
import type { FunctionPool } from '../lambda/pool.ts'
import { JsonServiceError, type ServiceHandler } from './calls.ts'
import { readBody, sendJson } from './http.ts'
import { parseInput } from './json-service.ts'
import { AccessDenied } from './calls.ts'

const maxBodyBytes = 6 * 1024 * 1024

/** Invoke, of the Lambda API. */
export function lambdaService(invoke: FunctionPool['invoke']): ServiceHandler {
  return async ({ request, response, url, permit }) => {
    try {
      const body = await readBody(request, maxBodyBytes + 1)
      permit({})
      const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname)?.[1]
      if (name === undefined || request.method !== 'POST') {
        throw refusal(
          'UnknownOperationException',
          `The local Lambda does not offer ${request.method} ${url.pathname}`,
        )
      }
      const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
      if (type !== 'RequestResponse')
        throw refusal('InvalidParameterValueException', `${String(type)} is not supported`)
      const qualifier = url.searchParams.get('Qualifier')
      const functionArn = decodeURIComponent(name) + (qualifier === null ? '' : `:${qualifier}`)
      const { payload, functionError } = await invoke({
        functionArn,
        payload: body.length === 0 ? {} : parseInput(body),
      })
      if (functionError) response.setHeader('x-amz-function-error', functionError)
      sendJson(response, 200, payload)
    } catch (error) {
      const { statusCode, type } = wordsOf(error)
      response.setHeader('x-amzn-errortype', type)
      sendJson(response, statusCode, {
        Type: 'User',
        message: (error as Error).message,
        Message: (error as Error).message,
      })
    }
  }
}

const refusal = (type: string, message: string) => new JsonServiceError(type, message)

function wordsOf(error: unknown): { readonly statusCode: number; readonly type: string } {
  if (error instanceof AccessDenied) return { statusCode: 403, type: 'AccessDeniedException' }
  if (error instanceof LambdaServiceError) {
    return { statusCode: error.statusCode, type: error.name.replace(/^Lambda\./, '') }
  }
  if (error instanceof JsonServiceError) return error
  throw error
}
