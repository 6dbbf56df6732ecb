import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isRoleKey, signerOf } from '../services/access-key.ts'
import { targetOf } from '../services/calls.ts'
import { listen } from '../services/front.ts'
import { passOn, relayTo } from '../services/proxy.ts'
import { faultPlan, type FaultOptions, type PlannedFault } from './fault-plan.ts'
import { cut, refuse, reset } from './fail.ts'
import type { Store } from './kinds.ts'

export interface FaultCounts {
  /** Calls that could have failed. */
  readonly calls: number
  readonly failed: number
}

export interface Disturbance {
  readonly port: number
  /** Since the start. */
  readonly counts: () => FaultCounts
  readonly close: () => Promise<void>
}

/**
 * Stands between the callers of a store and the port on which it is served, and lets calls fail. Only those that a
 * function or a state machine makes: what the operator uploads and looks at is not what is being tried.
 */
export async function startDisturbance(
  { store, to, port: wished }: { readonly store: Store; readonly to: number; readonly port: number },
  options: FaultOptions,
): Promise<Disturbance> {
  const next = faultPlan(options, store)
  const relay = relayTo(to)
  let [calls, failed] = [0, 0]

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const signer = signerOf(request.headers, targetOf(request).searchParams)
    const isStoreCall = signer?.service === store && isRoleKey(signer.accessKeyId)
    const planned = isStoreCall ? next() : undefined
    if (isStoreCall) calls += 1
    if (planned === undefined) return passOn(await relay(request), response)
    failed += 1
    const answer = planned.when === 'after' ? await relay(request) : undefined
    await fail(planned, request, response, answer)
  }

  async function fail(
    { fault }: PlannedFault,
    request: IncomingMessage,
    response: ServerResponse,
    answer: IncomingMessage | undefined,
  ): Promise<void> {
    if (fault === 'cut' && answer && request.method === 'GET') return cut(answer, response)
    // The answer is lost: by now the call has taken effect.
    answer?.resume()
    if (typeof fault === 'string') reset(request)
    else refuse(store, fault, request, response)
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    // Either end may go at any time. The other one then sees a connection that broke, as it would without this.
    serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  server.requestTimeout = 0
  const port = await listen(server, wished)
  return {
    port,
    counts: () => ({ calls, failed }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
