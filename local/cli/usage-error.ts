/** The command line cannot be understood, or asks for what cannot be. Exit code 2; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
