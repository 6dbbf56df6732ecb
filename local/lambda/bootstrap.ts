/** The first module of a function process: loads the bundle, then runs one invocation at a time. */
import { readFileSync } from 'node:fs'
import { endWithParent } from '../services/ends-with-parent.ts'
import { thrown } from './errors.ts'
import { loadHandler, type Handler } from './load-handler.ts'
import { maxResponseBytes, type ErrorPayload, type InvokeMessage, type ProcessMessage } from './protocol.ts'

const environment = (name: string) => process.env[name] ?? ''

endWithParent()
process.once('uncaughtException', (error) => fail(thrown(error), 129))
process.once('unhandledRejection', (reason) => {
  const { trace, errorType, errorMessage } = thrown(reason)
  const message = `${errorType}: ${errorMessage}`
  fail(
    { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: message, ...(trace ? { trace } : {}) },
    128,
  )
})

function fail(error: ErrorPayload, exitCode: number): void {
  console.error(JSON.stringify(error))
  send({ type: 'error', error, exits: true, peakKiB: peakKiB() }, () => process.exit(exitCode))
}

function send(message: ProcessMessage, done?: () => void): void {
  process.send?.(message, undefined, undefined, () => done?.())
}

/**
 * `maxRSS` of getrusage is no use on Linux: across fork and exec it starts from what the parent held. The
 * high-water mark in /proc belongs to this process image alone.
 */
function peakKiB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0)
}

function contextOf(message: InvokeMessage): Record<string, unknown> {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: environment('AWS_LAMBDA_FUNCTION_VERSION'),
    memoryLimitInMB: environment('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: environment('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: environment('AWS_LAMBDA_LOG_STREAM_NAME'),
    invokedFunctionArn: message.functionArn,
    awsRequestId: message.requestId,
    getRemainingTimeInMillis: () => message.deadline - Date.now(),
  }
}

async function run(handler: Handler, message: InvokeMessage): Promise<ProcessMessage> {
  const { requestId } = message
  try {
    const payload = serialise(await handler(JSON.parse(message.payload), contextOf(message)))
    const size = Buffer.byteLength(payload)
    if (size <= maxResponseBytes) return { type: 'result', requestId, payload, peakKiB: peakKiB() }
    const errorMessage = `Response payload size (${size} bytes) exceeded maximum allowed payload size (6291556 bytes).`
    const error = { errorType: 'Function.ResponseSizeTooLarge', errorMessage }
    return { type: 'error', error, exits: false, peakKiB: peakKiB() }
  } catch (error) {
    const payload = thrown(error)
    console.error(`Invoke Error\t${JSON.stringify(payload)}`)
    return { type: 'error', error: payload, exits: false, peakKiB: peakKiB() }
  }
}

function serialise(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null'
  } catch (cause) {
    throw new Error('Unable to stringify response body', { cause })
  }
}

try {
  const started = performance.now()
  const handler = await loadHandler(environment('LAMBDA_TASK_ROOT'), environment('_HANDLER'))
  process.on(
    'message',
    (message) => void run(handler, message as InvokeMessage).then((answer) => send(answer)),
  )
  send({ type: 'ready', initMilliseconds: performance.now() - started })
} catch (error) {
  fail(thrown(error), 1)
}
