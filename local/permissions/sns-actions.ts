import type { Context } from './conditions.ts'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { UnsupportedOperation } from './request.ts'

/** Operations of the query protocol on a topic -> their action. */
const onTopic: Readonly<Record<string, string>> = {
  ConfirmSubscription: 'sns:ConfirmSubscription',
  GetTopicAttributes: 'sns:GetTopicAttributes',
  ListSubscriptionsByTopic: 'sns:ListSubscriptionsByTopic',
  ListTagsForResource: 'sns:ListTagsForResource',
  Publish: 'sns:Publish',
  PublishBatch: 'sns:Publish',
  SetTopicAttributes: 'sns:SetTopicAttributes',
  Subscribe: 'sns:Subscribe',
}
/** Operations for which SNS has no permissions per topic. */
const onAnything: Readonly<Record<string, string>> = {
  GetSubscriptionAttributes: 'sns:GetSubscriptionAttributes',
  ListSubscriptions: 'sns:ListSubscriptions',
  ListTopics: 'sns:ListTopics',
  SetSubscriptionAttributes: 'sns:SetSubscriptionAttributes',
  Unsubscribe: 'sns:Unsubscribe',
}

export function snsActions(request: ServiceRequest, _scope: RequestScope): readonly RequestedAction[] {
  const form = new URLSearchParams(request.body === '' ? request.query : request.body)
  const operation = form.get('Action') ?? `${request.method} ${request.path}`
  const general = onAnything[operation]
  if (general !== undefined) return [{ action: general, resourceArns: ['*'], context: {} }]
  const action = onTopic[operation]
  const topic = form.get('TopicArn') ?? form.get('TargetArn') ?? form.get('ResourceArn')
  // Publish to a phone number has no topic either, and no place here.
  if (action === undefined || topic === null) throw new UnsupportedOperation('sns', operation)
  return [
    { action, resourceArns: [topic], context: action === 'sns:Subscribe' ? subscribeContext(form) : {} },
  ]
}

function subscribeContext(form: URLSearchParams): Context {
  const endpoint = form.get('Endpoint')
  return {
    'sns:Protocol': form.get('Protocol') ?? '',
    ...(endpoint === null ? {} : { 'sns:Endpoint': endpoint }),
  }
}
