import { ApiError } from './errors.ts'

/** A task token: says where the task is, and is accepted only while that very task waits. */
export function newToken(executionArn: string, flow: string, id: string): string {
  return Buffer.from(JSON.stringify([executionArn, flow, id])).toString('base64url')
}

/** Where the token's task is. Throws InvalidToken when it was not made here. */
export function readToken(token: string): { executionArn: string; flow: string } {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (Array.isArray(parts) && parts.length === 3) {
      const [executionArn, flow] = parts as unknown[]
      if (typeof executionArn === 'string' && typeof flow === 'string') return { executionArn, flow }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new ApiError('InvalidToken', `Invalid Token: '${token}'`)
}
