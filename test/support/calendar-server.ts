import { SSMClient } from '@aws-sdk/client-ssm'
import type { CalendarModel } from '../../local/assembly/model.ts'
import { ssmService } from '../../local/services/ssm/service.ts'
import { loopback, servedAlone } from './loopback.ts'

/** The local Change Calendar on its own, and a client of it. */
export async function startCalendars(
  calendars: readonly CalendarModel[],
  calendarFile?: string,
): Promise<{ client: SSMClient; stop(): Promise<void> }> {
  const server = await loopback(servedAlone(ssmService({ calendars, calendarFile, now: Date.now })))
  const client = new SSMClient({ ...server.settings, maxAttempts: 1 })
  return {
    client,
    async stop() {
      client.destroy()
      await server.stop()
    },
  }
}
