import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { sfnExecutions } from '../../../lambdas/shared/adapters/sfn-executions/executions.ts'
import { snsNotifier } from '../../../lambdas/shared/adapters/sns-notifier/notifier.ts'

type Answer = readonly [status: number, body: string]
const servers: Server[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))))

/** A service that answers as told; `asked` is what it was sent. */
async function service(answer: (target: string, body: string) => Answer) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked.push(body)
      const target = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? ''
      const [status, text] = answer(target, body)
      response.writeHead(status, { connection: 'close' }).end(text)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const settings = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  }
  return { asked, settings }
}

const arn = 'arn:aws:states:eu-west-1:123456789012:execution:migrate:run-1'
const refusal = (name: string): Answer => [400, JSON.stringify({ __type: name, message: 'no' })]

async function isRunning(status: string, mapRuns: Record<string, string>): Promise<boolean> {
  const { settings } = await service((target, body) => {
    if (target === 'DescribeExecution') {
      return status === 'gone'
        ? refusal('ExecutionDoesNotExist')
        : [200, JSON.stringify({ executionArn: arn, status })]
    }
    if (target === 'DescribeMapRun') {
      const { mapRunArn } = JSON.parse(body) as { mapRunArn: string }
      return [200, JSON.stringify({ mapRunArn, status: mapRuns[mapRunArn] })]
    }
    // Two pages, so that the second counts as well.
    const [first = '', ...others] = Object.keys(mapRuns)
    const isFirst = !body.includes('nextToken')
    const page = (isFirst ? [first] : others).filter(Boolean).map((mapRunArn) => ({ mapRunArn }))
    return [200, JSON.stringify({ mapRuns: page, ...(isFirst && { nextToken: 'more' }) })]
  })
  return sfnExecutions(new SFNClient(settings)).isRunning(arn)
}

test.each([
  ['RUNNING', {}, true],
  ['PENDING_REDRIVE', {}, true],
  ['SUCCEEDED', {}, false],
  ['ABORTED', { one: 'ABORTED', two: 'RUNNING' }, true],
  ['FAILED', { one: 'SUCCEEDED', two: 'FAILED' }, false],
  ['gone', {}, false],
])('an execution that is %s with Map Runs %o: running is %s', async (status, mapRuns, expected) => {
  expect(await isRunning(status, mapRuns)).toBe(expected)
})

test.each(['TaskTimedOut', 'InvalidToken', 'TaskDoesNotExist'])(
  'a task that ends in %s is stale',
  async (name) => {
    const { settings } = await service(() => refusal(name))
    const executions = sfnExecutions(new SFNClient(settings))
    expect(await executions.answer('token', { gate: 'gate', decision: 'hold' })).toBe('stale')
  },
)

test('a task is answered with the decision; another failure is one', async () => {
  const { settings, asked } = await service(() => [200, '{}'])
  const answer = { gate: 'gate', decision: 'approve' } as const
  expect(await sfnExecutions(new SFNClient(settings)).answer('token', answer)).toBe('answered')
  expect(JSON.parse(asked[0] ?? '')).toEqual({ taskToken: 'token', output: JSON.stringify(answer) })
  const denied = await service(() => refusal('AccessDeniedException'))
  const executions = sfnExecutions(new SFNClient(denied.settings))
  await expect(executions.answer('token', answer)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

const subscription = (endpoint: string, subscriptionArn: string) =>
  `<member><Endpoint>${endpoint}</Endpoint><SubscriptionArn>${subscriptionArn}</SubscriptionArn></member>`
const subscriptions = (members: string, next = '') =>
  `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>${members}</Subscriptions>${next}</ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`

test('subscriptions that are missing or pending are named, over all pages', async () => {
  const { settings } = await service((_target, body) => [
    200,
    body.includes('NextToken')
      ? subscriptions(subscription('two@example.com', 'arn:aws:sns:eu-west-1:1:approval:2'))
      : subscriptions(subscription('one@example.com', 'PendingConfirmation'), '<NextToken>more</NextToken>'),
  ])
  const notifier = snsNotifier(new SNSClient(settings), { approval: 'arn:aws:sns:eu-west-1:1:approval' })
  const asked = ['one@example.com', 'two@example.com', 'three@example.com', 'one@example.com']
  expect(await notifier.unconfirmed(asked)).toEqual(['one@example.com', 'three@example.com'])
})

test('a mail to an approver carries the address that the subscription filters on', async () => {
  const published =
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>'
  const { settings, asked } = await service(() => [200, published])
  const topics = { approval: 'arn:aws:sns:eu-west-1:1:approval', notice: 'arn:aws:sns:eu-west-1:1:notice' }
  const notifier = snsNotifier(new SNSClient(settings), topics)
  await notifier.toApprover('one@example.com', { subject: 'Subject', text: 'Text' })
  await notifier.toOperators({ subject: 'Subject', text: 'Text' })
  const [toApprover, toOperators] = asked.map((body) => new URLSearchParams(body))
  expect(toApprover?.get('TopicArn')).toBe(topics.approval)
  expect(toApprover?.get('MessageAttributes.entry.1.Name')).toBe('recipient')
  expect(toApprover?.get('MessageAttributes.entry.1.Value.StringValue')).toBe('one@example.com')
  expect(toOperators?.get('TopicArn')).toBe(topics.notice)
  expect([...(toOperators?.keys() ?? [])].some((key) => key.startsWith('MessageAttributes'))).toBe(false)
})
