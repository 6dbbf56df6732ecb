export type Store = 's3' | 'dynamodb'

export interface Refusal {
  readonly name: string
  readonly statusCode: number
  readonly message: string
}

/** `reset`: the connection is gone. `cut`: so it is, but in the middle of the body of an answer. */
export type Fault = Refusal | 'reset' | 'cut'

const slowDown: Refusal = {
  name: 'SlowDown',
  statusCode: 503,
  message: 'Please reduce your request rate.',
}
const internalError: Refusal = {
  name: 'InternalError',
  statusCode: 500,
  message: 'We encountered an internal error. Please try again.',
}
const throughputExceeded: Refusal = {
  name: 'ProvisionedThroughputExceededException',
  statusCode: 400,
  message:
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
}
const throttled: Refusal = {
  name: 'ThrottlingException',
  statusCode: 400,
  message: 'Rate of requests exceeds the allowed throughput.',
}
const internalServerError: Refusal = {
  name: 'InternalServerError',
  statusCode: 500,
  message: 'The request processing has failed because of an unknown error, exception or failure.',
}

/**
 * How calls fail, as the stores themselves word it ("Error responses" of the S3 API, "Error handling with DynamoDB").
 * What throttles says that nothing was done, so it never comes after the effect.
 */
export const kinds: Readonly<Record<Store, Readonly<Record<'before' | 'after', readonly Fault[]>>>> = {
  s3: {
    before: [slowDown, internalError, 'reset'],
    after: [internalError, 'reset', 'cut'],
  },
  dynamodb: {
    before: [throughputExceeded, throttled, internalServerError, 'reset'],
    after: [internalServerError, 'reset'],
  },
}
