import { ApiError } from '../states/errors.ts'
import type { Engine } from '../states/engine.ts'
import { readToken } from '../states/token.ts'

/** The state machine whose execution waits under a task token; `undefined` when the token is none of ours. */
export function machineOfToken(engine: Engine, token: string): string | undefined {
  try {
    return engine.execution(readToken(token).executionArn).facts.machineArn
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
