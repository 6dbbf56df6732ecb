import type { Mail, Notifier } from '../../lambdas/shared/ports/notifier.ts'

/** Keeps what was mailed, and refuses what SNS would refuse. */
export class FakeNotifier implements Notifier {
  readonly approverMails: (Mail & { readonly address: string })[] = []
  readonly operatorMails: Mail[] = []
  readonly pending = new Set<string>()
  /** Runs before each mail; a test fails here. */
  beforeMail: () => void | Promise<void> = () => undefined

  async toApprover(address: string, mail: Mail): Promise<void> {
    await this.beforeMail()
    this.approverMails.push({ address, ...checked(mail) })
  }

  async toOperators(mail: Mail): Promise<void> {
    await this.beforeMail()
    this.operatorMails.push(checked(mail))
  }

  async unconfirmed(addresses: readonly string[]): Promise<string[]> {
    return addresses.filter((address) => this.pending.has(address))
  }
}

function checked(mail: Mail): Mail {
  if (!/^[\x20-\x7e]{1,99}$/.test(mail.subject)) throw new Error(`SNS takes no such subject: ${mail.subject}`)
  return mail
}
