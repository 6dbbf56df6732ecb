import { createHash } from 'node:crypto'
import type { TopicModel } from '../../assembly/model.ts'
import { elements, textOf } from '../xml.ts'
import { expectOk, type Messaging } from './upstream.ts'

/** One e-mail subscription, and the queue that stands for the inbox behind it. */
export interface Inbox {
  readonly subscriptionArn: string
  readonly topicArn: string
  readonly address: string
  readonly queueName: string
  readonly queueArn: string
  readonly filterPolicy?: Readonly<Record<string, unknown>>
}

export class UnsupportedSubscription extends Error {
  override readonly name = 'UnsupportedSubscription'
}

export function inboxesOf(
  topics: readonly TopicModel[],
  messaging: Pick<Messaging, 'queueArn'>,
): readonly Inbox[] {
  return topics.flatMap(({ arn, subscriptions }) =>
    subscriptions.map(({ arn: subscriptionArn, protocol, endpoint, filterPolicy }) => {
      if (protocol !== 'email') {
        throw new UnsupportedSubscription(`${arn}: the protocol ${protocol} of ${endpoint} is not supported`)
      }
      const digest = createHash('sha256').update(`${arn}\n${endpoint}`).digest('hex')
      const queueName = `inbox-${digest.slice(0, 40)}`
      const queueArn = messaging.queueArn(queueName)
      const inbox = { subscriptionArn, topicArn: arn, address: endpoint, queueName, queueArn }
      return filterPolicy ? { ...inbox, filterPolicy } : inbox
    }),
  )
}

interface Subscription {
  readonly arn: string
  readonly endpoint: string
}

/**
 * Makes topics, queues and subscriptions as the assembly has them, and removes subscriptions it has no more, or that
 * wait to be confirmed.
 */
export async function provisionTopics(
  messaging: Messaging,
  topics: readonly TopicModel[],
  inboxes: readonly Inbox[],
  isPending: (inbox: Inbox) => boolean,
): Promise<void> {
  for (const { name, arn } of topics) {
    expectOk(await messaging.sns({ Action: 'CreateTopic', Name: name }))
    const own = inboxes.filter(({ topicArn }) => topicArn === arn)
    for (const { queueName } of own) await messaging.sqs('CreateQueue', { QueueName: queueName })
    const wanted = own.filter((inbox) => !isPending(inbox))
    const existing = await subscriptionsOf(messaging, arn)
    for (const subscription of existing) {
      if (wanted.some(({ queueArn }) => queueArn === subscription.endpoint)) continue
      expectOk(await messaging.sns({ Action: 'Unsubscribe', SubscriptionArn: subscription.arn }))
    }
    for (const inbox of wanted) {
      const found = existing.find(({ endpoint }) => endpoint === inbox.queueArn)
      await subscribe(messaging, inbox, found?.arn)
    }
  }
}

async function subscribe(messaging: Messaging, inbox: Inbox, existing: string | undefined): Promise<void> {
  const policy = inbox.filterPolicy ? JSON.stringify(inbox.filterPolicy) : ''
  if (existing !== undefined) {
    const change = { AttributeName: 'FilterPolicy', AttributeValue: policy }
    expectOk(
      await messaging.sns({ Action: 'SetSubscriptionAttributes', SubscriptionArn: existing, ...change }),
    )
    return
  }
  const filter = policy
    ? { 'Attributes.entry.1.key': 'FilterPolicy', 'Attributes.entry.1.value': policy }
    : {}
  const { topicArn, queueArn } = inbox
  const target = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn }
  expectOk(await messaging.sns({ Action: 'Subscribe', ...target, ...filter }))
}

async function subscriptionsOf(messaging: Messaging, topicArn: string): Promise<readonly Subscription[]> {
  const found: Subscription[] = []
  for (let token: string | undefined = ''; token !== undefined;) {
    const page = {
      Action: 'ListSubscriptionsByTopic',
      TopicArn: topicArn,
      ...(token ? { NextToken: token } : {}),
    }
    const xml: string = expectOk(await messaging.sns(page))
    for (const member of elements(xml, 'member')) {
      found.push({ arn: textOf(member, 'SubscriptionArn') ?? '', endpoint: textOf(member, 'Endpoint') ?? '' })
    }
    token = textOf(xml, 'NextToken')
  }
  return found
}
