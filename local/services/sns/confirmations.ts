import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mail } from '../../mailbox/mail.ts'
import { targetOf } from '../calls.ts'
import { sendText } from '../http.ts'
import type { Inbox } from './subscriptions.ts'

export const confirmationPath = '/sns/confirmation.html'

/** Subscriptions whose link nobody has opened yet. All others are confirmed: as a rule nobody has to click here. */
export class Confirmations {
  readonly #pending = new Map<string, Inbox>()

  /** @throws Error for an address that has no subscription. */
  constructor(inboxes: readonly Inbox[], addresses: readonly string[]) {
    for (const wanted of addresses) {
      const own = inboxes.filter(({ address }) => address === wanted)
      const known = inboxes.map(({ address }) => address).join(', ')
      if (own.length === 0) throw new Error(`${wanted} has no subscription; those that have are ${known}`)
      for (const inbox of own) this.#pending.set(randomUUID(), inbox)
    }
  }

  isPending({ subscriptionArn }: Inbox): boolean {
    return [...this.#pending.values()].some((inbox) => inbox.subscriptionArn === subscriptionArn)
  }

  /** What SNS writes to each of them. */
  mails(endpoint: string): Mail[] {
    const sentAt = new Date().toISOString()
    return [...this.#pending].map(([token, { address, topicArn }]) => ({
      id: `${sentAt.replaceAll(/[^0-9]/g, '')}-${token.slice(0, 8)}`,
      to: address,
      topicArn,
      subject: 'AWS Notification - Subscription Confirmation',
      text:
        `You have chosen to subscribe to the topic:\n${topicArn}\n\nTo confirm this subscription, click or visit the ` +
        `link below (If this was in error no action is necessary):\n${endpoint}${confirmationPath}?Token=${token}\n`,
      sentAt,
      attributes: {},
    }))
  }

  /** Opens a link. `subscribe` is called where that confirms a subscription. */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    subscribe: () => Promise<void>,
  ): Promise<void> {
    const token = targetOf(request).searchParams.get('Token') ?? ''
    if (!this.#pending.delete(token))
      return sendText(response, 404, 'Nothing to confirm here.\n', 'text/plain')
    await subscribe()
    sendText(response, 200, 'Subscription confirmed!\n', 'text/plain')
  }
}
