import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Service, ServiceRequest } from '../../../../local/permissions/request.ts'

type HttpRequest = Parameters<NodeHttpHandler['handle']>[0]

/** Stands in for the network: keeps the request that an SDK client would send, and answers nothing. */
export class Capture extends NodeHttpHandler {
  #sent: HttpRequest[] = []

  override async handle(request: HttpRequest): Promise<never> {
    this.#sent.push(request)
    throw new Error('captured')
  }

  /** The request of a command, as it would arrive at a local service. */
  async of(service: Service, send: () => Promise<unknown>): Promise<ServiceRequest> {
    this.#sent = []
    await send().catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'captured') throw error
    })
    const sent = this.#sent[0]
    if (sent === undefined) throw new Error('nothing was sent')
    const { method, path, query, headers } = sent
    const parameters = Object.entries(query ?? {}).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : '',
    ])
    const body: unknown = sent.body
    return {
      service,
      method,
      path,
      query: new URLSearchParams(parameters),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]),
      ),
      body: textOf(body),
    }
  }
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : ''
}

export const clientSettings = (requestHandler: Capture) => ({
  region: 'us-east-1',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  endpoint: 'http://127.0.0.1:1',
  maxAttempts: 1,
  requestHandler,
})
