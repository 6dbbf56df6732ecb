import type { IncomingMessage } from 'node:http'
import type { FunctionModel } from '../assembly/model.ts'
import { functionNotFound, LambdaServiceError } from '../lambda/errors.ts'
import type { FunctionPool } from '../lambda/pool.ts'
import { AccessDenied, JsonServiceError, type ServiceHandler, type Target } from './calls.ts'
import { readBody, sendJson } from './http.ts'
import { parseInput } from './json-service.ts'

const maxBodyBytes = 6 * 1024 * 1024
/** What Lambda gives an account of some age. A new one often has less. */
const accountConcurrency = 1000

/** Invoke, and the limits of concurrency, of the Lambda API. */
export function lambdaService(
  functions: readonly FunctionModel[],
  invoke: FunctionPool['invoke'],
): ServiceHandler {
  return async ({ request, response, url, permit }) => {
    try {
      const body = await readBody(request, maxBodyBytes + 1)
      permit({})
      const limits = limitsAt(request, url, functions)
      if (limits !== undefined) return sendJson(response, 200, limits)
      const { payload, functionError } = await invoke(invocationOf(request, url, body))
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

/** GetAccountSettings and GetFunctionConcurrency; undefined for what is neither. */
function limitsAt({ method }: IncomingMessage, { pathname }: Target, functions: readonly FunctionModel[]) {
  if (method !== 'GET') return undefined
  if (pathname === '/2016-08-19/account-settings') {
    const reserved = functions.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0)
    const AccountLimit = {
      ConcurrentExecutions: accountConcurrency,
      UnreservedConcurrentExecutions: accountConcurrency - reserved,
    }
    return { AccountLimit, AccountUsage: { FunctionCount: functions.length } }
  }
  const named = /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/.exec(pathname)?.[1]
  if (named === undefined) return undefined
  const reference = decodeURIComponent(named)
  const found = functions.find(({ name, arn }) => name === reference || arn === reference)
  if (found === undefined) throw functionNotFound(reference)
  const { reservedConcurrency } = found
  return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency }
}

function invocationOf(request: IncomingMessage, { pathname, searchParams }: Target, body: Buffer) {
  const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname)?.[1]
  if (name === undefined || request.method !== 'POST') {
    throw refusal(
      'UnknownOperationException',
      `The local Lambda does not offer ${request.method} ${pathname}`,
    )
  }
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse'
  if (type !== 'RequestResponse')
    throw refusal('InvalidParameterValueException', `${String(type)} is not supported`)
  const qualifier = searchParams.get('Qualifier')
  const functionArn = decodeURIComponent(name) + (qualifier === null ? '' : `:${qualifier}`)
  return { functionArn, payload: body.length === 0 ? {} : parseInput(body) }
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
