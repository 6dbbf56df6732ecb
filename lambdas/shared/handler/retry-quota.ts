import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

type Strategies = DynamoDBClient['config']['retryStrategy']

interface Retrying {
  readonly config: { retryStrategy: Strategies }
}

/**
 * The SDK pays for each retry from a quota, and gets back what the last one cost when the call succeeds. Here it also
 * does so when the retry is answered with a refusal: a conditional write whose first answer was lost ends that way, and
 * would use up the quota of a process bit by bit, although the service works and the outcome is known.
 */
export function withRefunds<Client extends Retrying>(client: Client): Client {
  const given = client.config.retryStrategy
  let wrapped: ReturnType<Strategies> | undefined
  client.config.retryStrategy = () => (wrapped ??= given().then(refunding))
  return client
}

function refunding(strategy: Awaited<ReturnType<Strategies>>): typeof strategy {
  if (!('refreshRetryTokenForRetry' in strategy)) return strategy
  return {
    acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
    refreshRetryTokenForRetry: (token, failure) => {
      if (failure.errorType === 'CLIENT_ERROR') strategy.recordSuccess(token)
      return strategy.refreshRetryTokenForRetry(token, failure)
    },
    recordSuccess: (token) => strategy.recordSuccess(token),
  }
}
