/** As the SDK counts them: `THROTTLING_ERROR_CODES`, as far as the services in use know them. */
const throttles = [
  ...['ProvisionedThroughputExceededException', 'ThrottlingException', 'Throttling', 'ThrottledException'],
  ...['RequestLimitExceeded', 'RequestThrottled', 'RequestThrottledException', 'TooManyRequestsException'],
  'SlowDown',
]
/**
 * DynamoDB refuses a write to an item that somebody else's transaction is at, with 400, and the SDK does not try it
 * again. The transaction is over in an instant; the write has not taken effect.
 */
const transactionConflict = 'TransactionConflictException'
/** A connection that broke. The SDK sees those of a request; that of a body only its reader sees. */
const brokenConnections = [
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'],
  'ERR_STREAM_PREMATURE_CLOSE',
]

/** Whether a service refused a call because there were too many: it has not taken effect. */
export function isThrottled(error: unknown): boolean {
  return error instanceof Error && throttles.includes(error.name)
}

/** Whether a call failed for a reason that passes by itself. Unless it was throttled, it may have taken effect. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode ?? 0
  return (
    isThrottled(error) ||
    status === 429 ||
    status >= 500 ||
    error.name === 'TimeoutError' ||
    error.name === transactionConflict ||
    (typeof code === 'string' && brokenConnections.includes(code))
  )
}
