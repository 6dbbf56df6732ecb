import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import type { FunctionLimits } from '../ports/function-limits.ts'

export function lambdaFunctionLimits(client: LambdaClient): FunctionLimits {
  return {
    async unreserved() {
      const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}))
      const limit = AccountLimit?.UnreservedConcurrentExecutions
      if (limit === undefined) throw new Error('Lambda did not say how many executions it allows at once')
      return limit
    },
    async reserved(FunctionName) {
      const answer = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }))
      return answer.ReservedConcurrentExecutions
    },
  }
}
