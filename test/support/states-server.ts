import { SFNClient } from '@aws-sdk/client-sfn'
import { text } from 'node:stream/consumers'
import { handleStatesRequest } from '../../local/states/api.ts'
import type { Engine } from '../../local/states/engine.ts'
import { loopback } from './loopback.ts'

/** The local Step Functions on its own, over an engine, and a client of it. */
export async function startStates(engine: Engine): Promise<{ client: SFNClient; stop(): Promise<void> }> {
  const server = await loopback(async (request, response) => {
    const target = String(request.headers['x-amz-target'])
    const { status, body } = await handleStatesRequest(engine, target, await text(request))
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body)
  })
  const client = new SFNClient({ ...server.settings, maxAttempts: 1, disableHostPrefix: true })
  return {
    client,
    async stop() {
      client.destroy()
      await server.stop()
    },
  }
}
