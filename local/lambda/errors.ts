import type { ErrorPayload } from './protocol.ts'

/** A refusal by the Lambda service itself: no process has run. Step Functions sees `name` as the error name. */
export class LambdaServiceError extends Error {
  readonly statusCode: number

  constructor(name: string, message: string, statusCode: number) {
    super(message)
    this.name = `Lambda.${name}`
    this.statusCode = statusCode
  }
}

export function tooManyRequests(): LambdaServiceError {
  return new LambdaServiceError('TooManyRequestsException', 'Rate Exceeded.', 429)
}

export function functionNotFound(arn: string): LambdaServiceError {
  return new LambdaServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404)
}

export function requestTooLarge(): LambdaServiceError {
  const message = 'Request must be smaller than 6291456 bytes for the InvokeFunction operation'
  return new LambdaServiceError('RequestTooLargeException', message, 413)
}

export function timedOut(requestId: string, seconds: number): ErrorPayload {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  }
}

export function outOfMemory(requestId: string): ErrorPayload {
  return {
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  }
}

const signalNames: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
}

export function exited(requestId: string, code: number | null, signal: string | null): ErrorPayload {
  const reason =
    signal === null
      ? code === 0
        ? 'Runtime exited without providing a reason'
        : `Runtime exited with error: exit status ${code}`
      : `Runtime exited with error: signal: ${signalNames[signal] ?? signal}`
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${reason}` }
}

/** What a handler threw, in the shape that Lambda's Node runtime gives it. */
export function thrown(value: unknown): ErrorPayload {
  if (value instanceof Error) {
    return { errorType: value.name, errorMessage: value.message, trace: (value.stack ?? '').split('\n') }
  }
  return { errorType: typeof value, errorMessage: String(value), trace: [] }
}
