import type { TopicModel } from '../../assembly/model.ts'
import { AccessDenied, type ServiceHandler } from '../calls.ts'
import { readBody, sendText } from '../http.ts'
import { readForm, sendQueryError, sendQueryResult } from '../query-protocol.ts'
import { element } from '../xml.ts'
import { publishRefusal, unknownPublishField } from './limits.ts'
import type { Inbox } from './subscriptions.ts'
import type { Messaging } from './upstream.ts'

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/'
const maxBodyBytes = 1024 * 1024
const passedOn = new Set(['GetTopicAttributes', 'ListTopics'])

type Form = Readonly<Record<string, string>>

class SnsRefusal extends Error {
  readonly code: string
  readonly statusCode: number

  constructor(code: string, message: string, statusCode = 400) {
    super(message)
    this.code = code
    this.statusCode = statusCode
  }
}

export interface SnsPorts {
  readonly messaging: Messaging
  readonly topics: readonly TopicModel[]
  readonly inboxes: readonly Inbox[]
  /** Whether a subscription waits to be confirmed. */
  readonly isPending: (inbox: Inbox) => boolean
  readonly onPublished: () => void
}

const noSuchTopic = () => new SnsRefusal('NotFound', 'Topic does not exist', 404)
const wrap = (name: string, members: readonly string[]) => [`<${name}>${members.join('')}</${name}>`]

/** SNS with e-mail subscriptions. `onPublished` is told when there may be new mail. */
export function snsService(ports: SnsPorts): ServiceHandler {
  const { messaging, topics, inboxes, isPending, onPublished } = ports
  return async ({ request, response, permit }) => {
    const body = await readBody(request, maxBodyBytes)
    const form = readForm(body)
    const action = form['Action'] ?? ''
    try {
      permit({ body: body.toString() })
      if (action === 'Publish') {
        const reply = await publish(messaging, form)
        if (reply.status === 200) onPublished()
        return sendText(response, reply.status, reply.body, 'text/xml')
      }
      if (action === 'ListSubscriptionsByTopic' || action === 'ListSubscriptions') {
        const topicArn = form['TopicArn']
        if (action === 'ListSubscriptionsByTopic' && !topics.some(({ arn }) => arn === topicArn))
          throw noSuchTopic()
        const members = topics
          .filter(({ arn }) => (topicArn ?? arn) === arn)
          .flatMap(({ arn }) => membersOf(inboxes, arn, isPending))
        return sendQueryResult(response, namespace, action, { Subscriptions: wrap('Subscriptions', members) })
      }
      if (action === 'GetSubscriptionAttributes') {
        const inbox = inboxes.find(({ subscriptionArn }) => subscriptionArn === form['SubscriptionArn'])
        if (inbox === undefined || isPending(inbox))
          throw new SnsRefusal('NotFound', 'Subscription does not exist', 404)
        return sendQueryResult(response, namespace, action, {
          Attributes: wrap('Attributes', attributesOf(inbox)),
        })
      }
      if (!passedOn.has(action))
        throw new SnsRefusal('InvalidAction', `The local SNS does not offer ${action}`)
      const reply = await messaging.sns(form)
      sendText(response, reply.status, reply.body, 'text/xml')
    } catch (error) {
      if (error instanceof AccessDenied) {
        sendQueryError(response, namespace, 403, 'AuthorizationError', error.message)
      } else if (error instanceof SnsRefusal) {
        sendQueryError(response, namespace, error.statusCode, error.code, error.message)
      } else throw error
    }
  }
}

export async function publish(messaging: Messaging, form: Form) {
  const unknown = unknownPublishField(form)
  if (unknown !== undefined)
    throw new SnsRefusal('InvalidParameter', `The local SNS does not support ${unknown}`)
  const refusal = publishRefusal(form)
  if (refusal !== undefined) throw new SnsRefusal('InvalidParameter', refusal)
  return messaging.sns({ ...form, Action: 'Publish' })
}

/** To callers a queue is the address that it stands for. */
function membersOf(
  inboxes: readonly Inbox[],
  topicArn: string,
  isPending: SnsPorts['isPending'],
): readonly string[] {
  return inboxes
    .filter((inbox) => inbox.topicArn === topicArn)
    .map((inbox) =>
      element('member', {
        TopicArn: topicArn,
        Protocol: 'email',
        SubscriptionArn: isPending(inbox) ? 'PendingConfirmation' : inbox.subscriptionArn,
        Owner: topicArn.split(':')[4],
        Endpoint: inbox.address,
      }),
    )
}

function attributesOf({ subscriptionArn, topicArn, address, filterPolicy }: Inbox): readonly string[] {
  const attributes = {
    SubscriptionArn: subscriptionArn,
    TopicArn: topicArn,
    Protocol: 'email',
    Endpoint: address,
    Owner: topicArn.split(':')[4],
    PendingConfirmation: 'false',
    ConfirmationWasAuthenticated: 'true',
    RawMessageDelivery: 'false',
    FilterPolicy: filterPolicy && JSON.stringify(filterPolicy),
    FilterPolicyScope: filterPolicy && 'MessageAttributes',
  }
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [element('entry', { key, value })],
  )
}
