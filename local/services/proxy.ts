import { Agent, request as requestTo, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'

/** Hands requests on to a port of loopback, body and all. Answers what came back, of which the body is to be read. */
export function relayTo(port: number): (request: IncomingMessage) => Promise<IncomingMessage> {
  const agent = new Agent({ keepAlive: true })
  return async (request) => {
    const { method, url, headers } = request
    const upstream = requestTo({ agent, host: '127.0.0.1', port, method, path: url, headers })
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once('response', resolve)
      upstream.once('error', reject)
    })
    await Promise.all([pipeline(request, upstream), answered])
    return answered
  }
}

export async function passOn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  await pipeline(answer, response)
}

export function proxyTo(port: number): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const relay = relayTo(port)
  return async (request, response) => passOn(await relay(request), response)
}
