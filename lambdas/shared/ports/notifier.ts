export interface Mail {
  /** ASCII, under 100 characters. */
  readonly subject: string
  readonly text: string
}

/** Mails to people. Approvers have one confirmed subscription each. */
export interface Notifier {
  toApprover(address: string, mail: Mail): Promise<void>
  toOperators(mail: Mail): Promise<void>
  /** Addresses of this list whose subscription is not there or not confirmed. */
  unconfirmed(addresses: readonly string[]): Promise<string[]>
}
