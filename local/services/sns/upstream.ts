import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../child.ts'
import type { Place } from '../place.ts'
import { textOf } from '../xml.ts'

/** fauxqs knows only this account. */
const upstreamAccount = '000000000000'

export interface Reply {
  readonly status: number
  readonly body: string
}

/** Topics and queues of fauxqs, spoken of in the ARNs of the assembly's account. */
export interface Messaging {
  /** A call of SNS, as a client would make it. */
  sns(parameters: Readonly<Record<string, string>>): Promise<Reply>
  /** A call of SQS. Throws when it is refused. */
  sqs(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
  queueArn(name: string): string
  close(): Promise<void>
}

export class MessagingError extends Error {
  override readonly name = 'MessagingError'
}

export async function startMessaging(
  stateDirectory: string,
  { region, account }: Place,
  onFailure: (error: Error) => void,
): Promise<Messaging> {
  const directory = join(stateDirectory, 'messaging')
  mkdirSync(directory, { recursive: true })
  const program = fileURLToPath(new URL('./messaging-process.ts', import.meta.url))
  const process = fork(program, [directory, region], {
    env: {},
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const child = await startChild('SNS and SQS', process, onFailure)
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/sns/aws4_request`
  const inward = (text: string) => text.replaceAll(`:${region}:${account}:`, `:${region}:${upstreamAccount}:`)
  const outward = (text: string) =>
    text.replaceAll(`:${region}:${upstreamAccount}:`, `:${region}:${account}:`)

  const post = async (headers: Record<string, string>, body: string): Promise<Reply> => {
    const response = await fetch(child.endpoint, {
      method: 'POST',
      headers: { authorization, ...headers },
      body,
    })
    return { status: response.status, body: await response.text() }
  }
  return {
    async sns(parameters) {
      // Only what names a topic or a subscription is translated: a message is nobody's business.
      const translated = Object.entries(parameters).map(([name, value]): [string, string] => {
        return [name, name.endsWith('Arn') || name === 'Endpoint' ? inward(value) : value]
      })
      const body = new URLSearchParams(translated).toString()
      const reply = await post({ 'content-type': 'application/x-www-form-urlencoded' }, body)
      return { status: reply.status, body: outward(reply.body) }
    },
    async sqs(operation, input) {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${operation}`,
      }
      const { status, body } = await post(headers, JSON.stringify(input))
      if (status !== 200) throw new MessagingError(`${operation}: ${body}`)
      return JSON.parse(body === '' ? '{}' : body) as Record<string, unknown>
    },
    queueArn: (name) => `arn:aws:sqs:${region}:${account}:${name}`,
    close: () => child.close(),
  }
}

/** Throws when SNS has refused. */
export function expectOk({ status, body }: Reply): string {
  if (status === 200) return body
  throw new MessagingError(textOf(body, 'Message') ?? body)
}
