import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Subscription, SubscriptionFilter, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { Settings } from '../config.ts'
import { nameIn } from '../names.ts'

interface MailTopicsProps {
  readonly settings: Settings
  readonly key: IKey
}

/** Mails to approvers, each of whom gets only what is addressed to them, and notices to operators. */
export class MailTopics extends Construct {
  readonly approvals: Topic
  readonly notices: Topic

  constructor(scope: Construct, id: string, { settings, key }: MailTopicsProps) {
    super(scope, id)
    const { environment } = settings
    this.approvals = this.#topic('Approvals', nameIn(environment, 'approvals'), key)
    this.notices = this.#topic('Notices', nameIn(environment, 'notices'), key)
    // A topic with a policy of its own has lost the one that lets alarms of this account publish.
    this.notices.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.notices.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    for (const address of new Set(Object.values(settings.approvers).flat())) {
      this.#subscribe(this.approvals, 'Approver', address, {
        recipient: SubscriptionFilter.stringFilter({ allowlist: [address] }),
      })
    }
    for (const address of new Set(settings.operators)) this.#subscribe(this.notices, 'Operator', address)
  }

  #topic(id: string, topicName: string, masterKey: IKey): Topic {
    return new Topic(this, id, { topicName, masterKey, enforceSSL: true })
  }

  #subscribe(
    topic: Topic,
    role: string,
    address: string,
    filterPolicy?: Record<string, SubscriptionFilter>,
  ): void {
    new Subscription(this, `${role}-${address}`, {
      topic,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint: address,
      ...(filterPolicy === undefined ? {} : { filterPolicy }),
    })
  }
}
