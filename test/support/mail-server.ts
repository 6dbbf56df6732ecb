import { SNSClient } from '@aws-sdk/client-sns'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TopicModel } from '../../local/assembly/model.ts'
import type { Mail } from '../../local/mailbox/mail.ts'
import { startServices } from '../../local/services/services.ts'

export interface MailServer {
  readonly client: SNSClient
  readonly topics: { readonly approval: string; readonly notice: string }
  /** What has arrived since the last call, once it is `count` mails. */
  arrived(count: number): Promise<readonly Mail[]>
  stop(): Promise<void>
}

const [region, account] = ['eu-west-1', '111122223333']
const arnOf = (name: string) => `arn:aws:sns:${region}:${account}:${name}`

/** The local SNS with the two topics of a deployment: each approver filters for mails of their own. */
export async function startMail(approvers: readonly string[], operator: string): Promise<MailServer> {
  const topic = (name: string, addresses: readonly string[], filters: boolean): TopicModel => ({
    ...{ name, arn: arnOf(name), policy: [] },
    subscriptions: addresses.map((endpoint, index) => ({
      ...{ arn: `${arnOf(name)}:${index}`, protocol: 'email', endpoint },
      ...(filters && { filterPolicy: { recipient: [endpoint] } }),
    })),
  })
  const nothing = { functions: [], stateMachines: [], roles: [], tables: [], buckets: [] }
  const directory = mkdtempSync(join(tmpdir(), 'lockgate-mail-'))
  const services = await startServices({
    stateDirectory: directory,
    port: 0,
    assembly: {
      ...{ ...nothing, httpApis: [], rules: [], keys: [], calendars: [], outputs: {} },
      topics: [topic('approval', approvers, true), topic('notice', [operator], false)],
    },
    guard: { refusalOf: () => undefined, refusalOfAction: () => undefined },
    statesHandler: () => Promise.reject(new Error('there are no state machines')),
    invoke: () => Promise.reject(new Error('there are no functions')),
  })
  const client = new SNSClient({
    ...{ region, endpoint: services.endpoint, maxAttempts: 1 },
    credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'secret' },
  })
  let seen = 0
  return {
    client,
    topics: { approval: arnOf('approval'), notice: arnOf('notice') },
    async arrived(count) {
      for (let tries = 0; services.mails().length < seen + count && tries < 250; tries += 1) await sleep(20)
      const mails = services.mails().slice(seen)
      seen += mails.length
      return mails
    },
    async stop() {
      client.destroy()
      await services.close()
      rmSync(directory, { recursive: true })
    },
  }
}
