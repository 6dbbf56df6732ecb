import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { targetOf, type ServiceHandler } from '../../local/services/calls.ts'

interface Loopback {
  /** Of an SDK client that calls this server. */
  readonly settings: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
  stop(): Promise<void>
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** An HTTP server on a port of its own. A request that cannot be answered loses its connection. */
export async function loopback(answer: Answer): Promise<Loopback> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    settings: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    },
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const allowed = { roleArn: undefined, permit: () => undefined, permitAction: () => undefined }

/** A local service on its own, with no permissions to ask for. */
export const servedAlone =
  (serve: ServiceHandler): Answer =>
  async (request, response) => {
    await serve({ request, response, url: targetOf(request), ...allowed })
  }
