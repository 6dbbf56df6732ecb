import { paginateListSubscriptionsByTopic, PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import type { Mail, Notifier } from '../../ports/notifier.ts'

/** A function names the topics that it may use; which one is missing shows at the first mail. */
export interface Topics {
  /** One subscription per approver, each with the filter policy `{ "recipient": [address] }`. */
  readonly approval?: string
  readonly notice?: string
}

/** Mails through SNS. An approver is reached by the message attribute that the subscription filters on. */
export function snsNotifier(client: SNSClient, topics: Topics): Notifier {
  const publish = async (TopicArn: string, { subject, text }: Mail, recipient?: string) => {
    const attributes = recipient && { recipient: { DataType: 'String', StringValue: recipient } }
    await client.send(
      new PublishCommand({
        TopicArn,
        Subject: subject,
        Message: text,
        ...(attributes && { MessageAttributes: attributes }),
      }),
    )
  }

  return {
    toApprover: (address, mail) => publish(given('approval', topics.approval), mail, address),
    toOperators: (mail) => publish(given('notice', topics.notice), mail),
    async unconfirmed(addresses) {
      const confirmed = new Set<string>()
      const pages = paginateListSubscriptionsByTopic(
        { client },
        { TopicArn: given('approval', topics.approval) },
      )
      for await (const { Subscriptions = [] } of pages) {
        for (const { Endpoint, SubscriptionArn } of Subscriptions) {
          // Until it is confirmed, a subscription has this word in place of its ARN.
          if (Endpoint && SubscriptionArn?.startsWith('arn:')) confirmed.add(Endpoint)
        }
      }
      return [...new Set(addresses)].filter((address) => !confirmed.has(address))
    },
  }
}

function given(name: string, topic: string | undefined): string {
  if (topic === undefined) throw new Error(`this function was not given the ${name} topic`)
  return topic
}
