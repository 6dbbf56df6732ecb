import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UnsupportedOperation, type Service } from '../permissions/request.ts'
import { signerOf } from './access-key.ts'
import { JsonServiceError, targetOf, type ServiceHandler } from './calls.ts'
import type { Callers } from './callers.ts'
import { BodyTooLarge, sendJson, sendText } from './http.ts'
import type { Caller } from './role-keys.ts'

export interface FrontOptions {
  readonly callers: Callers
  /** By signing name. */
  readonly services: ReadonlyMap<string, ServiceHandler>
  /** Services that decide themselves who may do what: all is handed on as it is. */
  readonly passedOn: ReadonlyMap<
    string,
    (request: IncomingMessage, response: ServerResponse) => Promise<void>
  >
  /** What is not signed: web pages and HTTP APIs. Answers false for a path that is not its own. */
  readonly pages: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  /** Called after each request of a role that was answered here. What is passed on is not: who answers it counts. */
  readonly onServed: () => void
}

/** The services of which the permissions are known. */
const guarded: ReadonlySet<string> = new Set<Service>([
  's3',
  'sns',
  'states',
  'kms',
  'lambda',
  'ssm',
  'dynamodb',
])

/** The one port at which everything answers, on loopback only. */
export function createFront(options: FrontOptions): Server {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    route(options, request, response).catch((error: unknown) => sendFailure(request, response, error))
  })
  // The source of a migration may take longer than the five minutes that Node gives a request.
  server.requestTimeout = 0
  return server
}

export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

async function route(
  options: FrontOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = targetOf(request)
  const signer = signerOf(request.headers, url.searchParams)
  if (signer === undefined) {
    if (await options.pages(request, response)) return
    return sendText(response, 404, 'Not found. AWS requests must be signed, with any key.\n', 'text/plain')
  }
  const passOn = options.passedOn.get(signer.service)
  if (passOn) return passOn(request, response)
  const handler = options.services.get(signer.service)
  if (handler === undefined) {
    const target = request.headers['x-amz-target'] ?? `${request.method} ${url.pathname}`
    throw new JsonServiceError(
      'UnknownOperationException',
      `The local AWS does not offer ${signer.service}: ${String(target)}`,
    )
  }
  const caller = options.callers.of(signer.accessKeyId)
  if (caller !== 'operator') response.once('close', options.onServed)
  const roleArn = typeof caller === 'object' ? caller.roleArn : undefined
  await handler({
    request,
    response,
    url,
    roleArn,
    ...permissions(options.callers, caller, signer.service, request),
  })
}

function permissions(callers: Callers, caller: Caller, service: string, request: IncomingMessage) {
  const { pathname, searchParams } = targetOf(request)
  const permit: Parameters<ServiceHandler>[0]['permit'] = ({ method, path, query, body }) => {
    if (!isGuarded(service)) return
    callers.permit(caller, {
      service,
      method: method ?? request.method ?? '',
      path: path ?? pathname,
      query: query ?? searchParams,
      headers: request.headers,
      body: body ?? '',
    })
  }
  const permitAction: Parameters<ServiceHandler>[0]['permitAction'] = (action) =>
    callers.permitAction(caller, action)
  return { permit, permitAction }
}

const isGuarded = (service: string): service is Service => guarded.has(service)

function sendFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  request.resume()
  if (request.destroyed && !request.complete) return void response.destroy()
  if (error instanceof JsonServiceError || error instanceof UnsupportedOperation) {
    const type = error instanceof JsonServiceError ? error.type : 'UnknownOperationException'
    // Whatever protocol the client speaks, it shows the header.
    if (!response.headersSent) response.setHeader('x-amzn-errortype', type)
    return sendJson(response, 400, { __type: type, message: error.message }, 'application/x-amz-json-1.0')
  }
  if (error instanceof BodyTooLarge) return sendJson(response, 413, { message: error.message })
  console.error(error)
  sendJson(response, 500, { __type: 'InternalFailure', message: String(error) })
}
