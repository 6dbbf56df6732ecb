import { SFNClient } from '@aws-sdk/client-sfn'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { handleStatesRequest } from '../../local/states/api.ts'
import type { Engine } from '../../local/states/engine.ts'

/** The local Step Functions on its own, over an engine, and a client of it. */
export async function startStates(engine: Engine): Promise<{ client: SFNClient; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = async () => {
      const target = String(request.headers['x-amz-target'])
      const { status, body } = await handleStatesRequest(engine, target, await text(request))
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body)
    }
    answer().catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new SFNClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    disableHostPrefix: true,
  })
  return {
    client,
    async stop() {
      client.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
