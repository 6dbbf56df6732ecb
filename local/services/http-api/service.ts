import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpApiModel } from '../../assembly/model.ts'
import { LambdaServiceError } from '../../lambda/errors.ts'
import type { FunctionPool } from '../../lambda/pool.ts'
import type { Guard } from '../../permissions/guard.ts'
import { BodyTooLarge, readBody } from '../http.ts'
import { eventOf } from './event.ts'
import type { Place } from '../place.ts'
import { matchRoute, type Match } from './routes.ts'
import { Throttle } from './throttle.ts'

const maxBodyBytes = 10 * 1024 * 1024

type Invoke = FunctionPool['invoke']
export interface HttpApiPorts extends Place {
  readonly guard: Guard
  readonly invoke: Invoke
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Serves `/api/<id>/…` for one HTTP API, whose stage is `$default`. */
export function httpApiService({ id, routes }: HttpApiModel, ports: HttpApiPorts): Serve {
  const { region, account, guard, invoke } = ports
  const throttles = new Map(
    routes.flatMap((route) =>
      route.throttle ? [[route.routeKey, new Throttle(route.throttle)] as const] : [],
    ),
  )
  return async (request, response) => {
    const requestId = crypto.randomUUID()
    response.setHeader('apigw-requestid', requestId)
    const [rawPath = '', ...query] = (request.url ?? '').split('?')
    const path = rawPath.slice(`/api/${id}`.length) || '/'
    const match = matchRoute(routes, request.method ?? '', path)
    try {
      const body = await readBody(request, maxBodyBytes)
      if (match === undefined) return sendMessage(response, 404, 'Not Found')
      if (throttles.get(match.route.routeKey)?.take() === false)
        return sendMessage(response, 429, 'Too Many Requests')
      const { routeKey, functionArn } = match.route
      const [, pattern = ''] = routeKey.split(' ')
      const source = `arn:aws:execute-api:${region}:${account}:${id}/$default/${request.method}${pattern}`
      const context = { 'aws:SourceArn': source, 'aws:SourceAccount': account }
      const requested = { action: 'lambda:InvokeFunction', resourceArns: [functionArn], context }
      const refusal = guard.refusalOfAction('apigateway.amazonaws.com', requested)
      if (refusal) {
        console.error(`${routeKey}: ${refusal.message}`)
        return sendMessage(response, 500, 'Internal Server Error')
      }
      const rawQueryString = query.join('?')
      const event = eventOf({ request, apiId: id, account, path, rawQueryString, body, match, requestId })
      await integrate(invoke, match, event, response)
    } catch (error) {
      if (error instanceof BodyTooLarge) return sendMessage(response, 413, 'Request Entity Too Large')
      throw error
    }
  }
}

async function integrate(
  invoke: Invoke,
  { route }: Match,
  event: unknown,
  response: ServerResponse,
): Promise<void> {
  try {
    const late = sleep(route.timeoutMilliseconds, undefined, { ref: false })
    const result = await Promise.race([invoke({ functionArn: route.functionArn, payload: event }), late])
    if (result === undefined) return sendMessage(response, 503, 'Service Unavailable')
    if (result.functionError) return sendMessage(response, 500, 'Internal Server Error')
    answer(response, result.payload)
  } catch (error) {
    if (!(error instanceof LambdaServiceError)) throw error
    const isThrottled = error.statusCode === 429
    sendMessage(
      response,
      isThrottled ? 503 : 500,
      isThrottled ? 'Service Unavailable' : 'Internal Server Error',
    )
  }
}

/** Response format 2.0: what has no status code is itself the body. */
function answer(response: ServerResponse, payload: unknown): void {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    return send(response, 200, { 'content-type': 'application/json' }, Buffer.from(text))
  }
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded } = payload as Structured
  const status = Number(statusCode)
  if (!Number.isInteger(status) || status < 200 || status > 599)
    return sendMessage(response, 500, 'Internal Server Error')
  const named = Object.entries(headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    String(value),
  ])
  const content = typeof body === 'string' ? body : JSON.stringify(body)
  const all = {
    'content-type': 'text/plain;charset=UTF-8',
    ...Object.fromEntries(named),
    ...(cookies ? { 'set-cookie': [...cookies] } : {}),
  }
  send(response, status, all, Buffer.from(content, isBase64Encoded === true ? 'base64' : 'utf8'))
}

interface Structured {
  readonly statusCode: unknown
  readonly headers?: Readonly<Record<string, unknown>>
  readonly cookies?: readonly string[]
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
}

function sendMessage(response: ServerResponse, statusCode: number, message: string): void {
  const body = Buffer.from(JSON.stringify({ message }))
  send(response, statusCode, { 'content-type': 'application/json' }, body)
}

function send(
  response: ServerResponse,
  statusCode: number,
  headers: Record<string, string | string[]>,
  body: Buffer,
): void {
  response.writeHead(statusCode, { ...headers, 'content-length': body.length }).end(body)
}
