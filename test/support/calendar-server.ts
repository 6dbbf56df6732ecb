import { SSMClient } from '@aws-sdk/client-ssm'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CalendarModel } from '../../local/assembly/model.ts'
import { targetOf } from '../../local/services/calls.ts'
import { ssmService } from '../../local/services/ssm/service.ts'

/** The local Change Calendar on its own, and a client of it. */
export async function startCalendars(
  calendars: readonly CalendarModel[],
  calendarFile?: string,
): Promise<{ client: SSMClient; stop(): Promise<void> }> {
  const serve = ssmService({ calendars, calendarFile, now: Date.now })
  const server = createServer((request, response) => {
    const nothing = () => undefined
    serve({
      ...{ request, response, url: targetOf(request), roleArn: undefined },
      ...{ permit: nothing, permitAction: nothing },
    }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new SSMClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
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
