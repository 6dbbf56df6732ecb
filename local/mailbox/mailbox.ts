import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../services/durable-file.ts'
import type { Inbox } from '../services/sns/subscriptions.ts'
import type { Messaging } from '../services/sns/upstream.ts'
import { mailOf, type Mail } from './mail.ts'

interface Message {
  readonly MessageId: string
  readonly ReceiptHandle: string
  readonly Body: string
}

/**
 * Takes mail out of the queues. A message is deleted only when its file is there, so a mail is never lost; one
 * that comes again has the same name.
 */
export class Mailbox {
  readonly #directory: string
  readonly #messaging: Messaging
  readonly #inboxes: readonly Inbox[]
  readonly #port: number
  readonly #listeners = new Set<(mail: Mail) => void>()
  readonly #mails = new Map<string, Mail>()
  #draining: Promise<void> | undefined
  #again = false

  /** `port`: where pages are served now, when that is settled; else 0. */
  constructor(stateDirectory: string, messaging: Messaging, inboxes: readonly Inbox[], port = 0) {
    this.#port = port
    this.#directory = join(stateDirectory, 'mailbox')
    this.#messaging = messaging
    this.#inboxes = inboxes
    mkdirSync(this.#directory, { recursive: true })
    for (const file of readdirSync(this.#directory)) {
      if (!file.endsWith('.json')) continue
      const mail = JSON.parse(readFileSync(join(this.#directory, file), 'utf8')) as Mail
      this.#mails.set(mail.id, mail)
    }
  }

  /** In the order in which they were sent. */
  mails(): readonly Mail[] {
    return [...this.#mails.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((mail) => this.#now(mail))
  }

  /** With links that lead here: mails of before a change of the port name the old one. */
  #now(mail: Mail): Mail {
    if (this.#port === 0) return mail
    const here = `http://127.0.0.1:${this.#port}/api/`
    return { ...mail, text: mail.text.replaceAll(/http:\/\/127\.0\.0\.1:\d+\/api\//g, here) }
  }

  /** Calls back for each mail from now on. Returns the function that ends it. */
  onMail(callback: (mail: Mail) => void): () => void {
    this.#listeners.add(callback)
    return () => void this.#listeners.delete(callback)
  }

  /** Empties all queues. While that is going on, a further call makes it look once more. */
  drain(): Promise<void> {
    this.#again = true
    this.#draining ??= this.#run().finally(() => (this.#draining = undefined))
    return this.#draining
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false
      for (const inbox of this.#inboxes) await this.#empty(inbox)
    }
  }

  async #empty(inbox: Inbox): Promise<void> {
    const { QueueUrl } = await this.#messaging.sqs('GetQueueUrl', { QueueName: inbox.queueName })
    for (;;) {
      const received = await this.#messaging.sqs('ReceiveMessage', {
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
      })
      const messages = (received['Messages'] ?? []) as readonly Message[]
      for (const { MessageId, ReceiptHandle, Body } of messages) {
        this.deliver(mailOf(MessageId, inbox.address, inbox.topicArn, Body))
        await this.#messaging.sqs('DeleteMessage', { QueueUrl, ReceiptHandle })
      }
      if (messages.length === 0) return
    }
  }

  /** Once, however often it comes. */
  deliver(mail: Mail): void {
    if (this.#mails.has(mail.id)) return
    writeWhole(join(this.#directory, `${mail.id}.json`), `${JSON.stringify(mail, undefined, 2)}\n`)
    this.#mails.set(mail.id, mail)
    for (const listener of this.#listeners) listener(mail)
  }
}
