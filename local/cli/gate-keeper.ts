import { answerGate, approvalLink, isUndecided } from './answer-gate.ts'
import type { Mail } from '../mailbox/mail.ts'
import type { LocalSystem } from './local-system.ts'
import type { Screen } from './screen.ts'

/** Shows the links of gates as mails arrive and, where asked to, answers them one after the other. */
export class GateKeeper {
  readonly #system: LocalSystem
  readonly #screen: Screen
  readonly #signal: AbortSignal
  #queue: Promise<void> = Promise.resolve()
  #failure: Error | undefined

  constructor(system: LocalSystem, screen: Screen, signal: AbortSignal) {
    this.#system = system
    this.#screen = screen
    this.#signal = signal
  }

  /** Also looks at mails that came before: after a restart, a gate may still wait for its answer. */
  watch(approve: boolean): void {
    this.#system.onMail((mail) => this.#receive(mail, approve))
    for (const mail of this.#system.mails().toReversed()) {
      if (approve) this.#receive(mail, true)
      else this.#then((link) => this.#remind(mail, link), mail)
    }
  }

  /** What went wrong while answering; the run would wait for ever. */
  get failure(): Error | undefined {
    return this.#failure
  }

  #receive(mail: Mail, approve: boolean): void {
    this.#then((link) => (approve ? this.#answer(mail, link) : this.#tell(mail, link)), mail)
  }

  /** One after the other, and only for mails that lead to a gate. */
  #then(act: (link: string) => Promise<void>, { text }: Mail): void {
    const link = approvalLink(text, this.#system.approvalUrl)
    if (link === undefined) return
    this.#queue = this.#queue.then(() => act(link)).catch((error: unknown) => this.#fail(error))
  }

  async #tell(mail: Mail, link: string): Promise<void> {
    this.#screen.line(`Mail to ${mail.to}: ${mail.subject}\n  decide here: ${link}`)
  }

  async #remind(mail: Mail, link: string): Promise<void> {
    if (this.#signal.aborted) return
    if (await isUndecided(link, this.#signal)) await this.#tell(mail, link)
  }

  async #answer(mail: Mail, link: string): Promise<void> {
    if (this.#signal.aborted) return
    const answer = await answerGate(link, this.#signal)
    if (answer === 'approved' || answer === 'held') {
      const did = answer === 'approved' ? 'Approved' : 'Held'
      this.#screen.line(`${did} by ${mail.to}: ${mail.subject}`)
    }
  }

  #fail(error: unknown): void {
    if (this.#signal.aborted) return
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
  }
}
