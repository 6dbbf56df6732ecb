import type { Mail, Notifier } from '../../lambdas/shared/ports/notifier.ts'

const mostTextBytes = 256 * 1024

/** Keeps what was mailed to whom it reaches, and refuses what SNS would refuse. Everybody has subscribed, but for those who are pending. */
export class FakeNotifier implements Notifier {
  readonly approverMails: (Mail & { readonly address: string })[] = []
  readonly operatorMails: Mail[] = []
  readonly pending = new Set<string>()
  /** Runs before each mail; a test fails here. */
  beforeMail: () => void | Promise<void> = () => undefined

  async toApprover(address: string, mail: Mail): Promise<void> {
    await this.beforeMail()
    requireMail(mail)
    if (!this.pending.has(address)) this.approverMails.push({ address, ...mail })
  }

  async toOperators(mail: Mail): Promise<void> {
    await this.beforeMail()
    requireMail(mail)
    this.operatorMails.push(mail)
  }

  async unconfirmed(addresses: readonly string[]): Promise<string[]> {
    return [...new Set(addresses)].filter((address) => this.pending.has(address))
  }
}

function requireMail({ subject, text }: Mail): void {
  const isSubject = /^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)
  if (isSubject && text !== '' && Buffer.byteLength(text) <= mostTextBytes) return
  throw Object.assign(new Error(`SNS takes no such mail: ${subject}`), { name: 'InvalidParameterException' })
}
