import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment } from './deployment.ts'
import { encryptionKeyArn } from './keys.ts'
import type { PolicyStatement, TopicModel } from './model.ts'
import { PolicyDocument, readPolicy } from './policies.ts'
import { readProperties, refuseProperty } from './properties.ts'

const TopicProperties = z.strictObject({
  TopicName: z.string().optional(),
  DisplayName: z.string().optional(),
  KmsMasterKeyId: z.string().optional(),
  FifoTopic: z.literal(false).optional(),
})
const SubscriptionProperties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
  FilterPolicyScope: z.literal('MessageAttributes').optional(),
})
const TopicPolicyProperties = z.strictObject({ Topics: z.array(z.string()), PolicyDocument })

export const topicTypes = ['AWS::SNS::Topic', 'AWS::SNS::Subscription', 'AWS::SNS::TopicPolicy']

export function readTopics(deployment: Deployment): TopicModel[] {
  const topics = deployment.ofType('AWS::SNS::Topic')
  const isTopic = (arn: string): boolean => topics.some((topic) => arnOf(topic, deployment) === arn)
  const policies = new Map<string, readonly PolicyStatement[]>()
  for (const resource of deployment.ofType('AWS::SNS::TopicPolicy')) {
    const given = readProperties(deployment, resource, TopicPolicyProperties)
    const statements = readPolicy(resource, 'PolicyDocument', given.PolicyDocument)
    for (const [index, arn] of given.Topics.entries()) {
      if (!isTopic(arn)) refuseProperty(resource, `Topics[${index}]`, `${arn} is not a topic here`)
      // SNS keeps one policy per topic: on AWS the later resource would overwrite the earlier.
      if (policies.has(arn)) refuseProperty(resource, `Topics[${index}]`, `${arn} has a policy already`)
      policies.set(arn, statements)
    }
  }
  const subscriptions = deployment.ofType('AWS::SNS::Subscription').map((resource) => {
    const given = readProperties(deployment, resource, SubscriptionProperties)
    if (!isTopic(given.TopicArn))
      refuseProperty(resource, 'TopicArn', `${given.TopicArn} is not a topic here`)
    return {
      topicArn: given.TopicArn,
      arn: deployment.ref(resource),
      protocol: given.Protocol,
      endpoint: given.Endpoint,
      ...(given.FilterPolicy === undefined ? {} : { filterPolicy: given.FilterPolicy }),
    }
  })
  return topics.map((resource) => {
    const given = readProperties(deployment, resource, TopicProperties)
    const arn = arnOf(resource, deployment)
    const keyArn = encryptionKeyArn(deployment, resource, 'KmsMasterKeyId', given.KmsMasterKeyId)
    return {
      name: nameOf(resource, deployment),
      arn,
      ...(given.DisplayName === undefined ? {} : { displayName: given.DisplayName }),
      policy: policies.get(arn) ?? defaultPolicy(arn, deployment.settings.account),
      ...(keyArn === undefined ? {} : { keyArn }),
      subscriptions: subscriptions
        .filter((item) => item.topicArn === arn)
        .map(({ topicArn: _arn, ...item }) => item),
    }
  })
}

/** What SNS sets on a topic without a policy of its own: the account's own policies decide. */
const defaultPolicy = (arn: string, account: string): PolicyStatement[] => [
  {
    effect: 'Allow',
    actions: ['sns:*'],
    resources: [arn],
    conditions: {},
    principals: [`arn:aws:iam::${account}:root`],
  },
]
