/** One e-mail, as it lies in `<stateDirectory>/mailbox/<id>.json`. */
export interface Mail {
  readonly id: string
  readonly to: string
  readonly topicArn: string
  readonly subject: string
  readonly text: string
  /** ISO 8601 */
  readonly sentAt: string
  /** Message attributes by name. */
  readonly attributes: Readonly<Record<string, string>>
}

interface Envelope {
  readonly Subject?: string
  readonly Message: string
  readonly Timestamp: string
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>
}

/** Reads what SNS wraps a message in for a queue. */
export function mailOf(messageId: string, to: string, topicArn: string, body: string): Mail {
  const { Subject, Message, Timestamp, MessageAttributes = {} } = JSON.parse(body) as Envelope
  return {
    // In order of time, and the same when the message comes a second time.
    id: `${Timestamp.replaceAll(/[^0-9]/g, '')}-${messageId.slice(0, 8)}`,
    to,
    topicArn,
    // What SNS puts into e-mails that have no subject.
    subject: Subject ?? 'AWS Notification Message',
    text: Message,
    sentAt: Timestamp,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]),
    ),
  }
}
