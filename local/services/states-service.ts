import type { ServiceHandler } from './calls.ts'
import { AccessDenied } from './calls.ts'
import { readBody, sendJson, sendText } from './http.ts'

/** Answers a call of the Step Functions API: `target` is X-Amz-Target, both bodies are JSON text. */
export type StatesHandler = (
  target: string,
  body: string,
) => Promise<{ readonly status: number; readonly body: string }>

const contentType = 'application/x-amz-json-1.0'
const maxBodyBytes = 8 * 1024 * 1024

/** Step Functions: who may call is checked here, what the call does is the engine's. */
export function statesService(handle: StatesHandler): ServiceHandler {
  return async ({ request, response, permit }) => {
    const body = (await readBody(request, maxBodyBytes)).toString()
    try {
      permit({ body })
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error
      return sendJson(response, 400, { __type: 'AccessDeniedException', message: error.message }, contentType)
    }
    const answer = await handle(String(request.headers['x-amz-target'] ?? ''), body)
    sendText(response, answer.status, answer.body, contentType)
  }
}
