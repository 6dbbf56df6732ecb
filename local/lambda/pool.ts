import { randomUUID } from 'node:crypto'
import type { FunctionModel } from '../assembly/model.ts'
import { deployedFunctions, findFunction, type DeployedFunction } from './deployed.ts'
import type { FunctionSurroundings } from './environment.ts'
import { functionNotFound, requestTooLarge, tooManyRequests } from './errors.ts'
import { FunctionLog } from './function-log.ts'
import { FunctionProcess, type Answer } from './function-process.ts'
import { maxRequestBytes } from './protocol.ts'

export interface FunctionPoolOptions extends FunctionSurroundings {
  readonly functions: readonly FunctionModel[]
  readonly stateDirectory: string
  /** Processes alive at once, of all functions together. */
  readonly maxProcesses: number
  /** Processes alive at once of any one function version; without it, `maxProcesses`. */
  readonly maxProcessesPerFunction?: number
}

export interface Invocation {
  /** Name, partial ARN or ARN, each with or without a version or alias. */
  readonly functionArn: string
  readonly payload: unknown
  /** Gives up: a waiting invocation is dropped, a running one killed. Lambda itself cannot be told to. */
  readonly signal?: AbortSignal
}

export interface InvocationResult {
  readonly payload: unknown
  readonly functionError?: 'Unhandled'
}

export interface FunctionPool {
  /** Throws `LambdaServiceError` where Lambda itself refuses; a function's own error is in the result. */
  invoke(invocation: Invocation): Promise<InvocationResult>
  /** Largest resident set of any process so far, in bytes, by function name. */
  peakMemory(): Readonly<Record<string, number>>
  /** The invocations under way. */
  running(): readonly RunningInvocation[]
  close(): Promise<void>
}

export interface RunningInvocation {
  readonly functionName: string
  /** Ends its process at once, as a fault of the machine would. */
  readonly kill: () => void
}

interface Waiting {
  readonly model: DeployedFunction
  readonly requestId: string
  readonly functionArn: string
  readonly payload: string
  readonly settle: (answer: Answer) => void
  readonly onStart: (sandbox: FunctionProcess) => void
  readonly drop: (reason: Error) => void
}

export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  return new Pool(options)
}

class Pool implements FunctionPool {
  readonly #options: FunctionPoolOptions
  readonly #deployed: ReadonlyMap<string, DeployedFunction>
  readonly #logs = new Map<string, FunctionLog>()
  readonly #processes = new Set<FunctionProcess>()
  readonly #peaks = new Map<string, number>()
  readonly #inFlight = new Map<string, number>()
  #waiting: Waiting[] = []
  #closed = false
  #emptied: (() => void) | undefined

  constructor(options: FunctionPoolOptions) {
    this.#options = options
    this.#deployed = deployedFunctions(options.functions)
  }

  async invoke({ functionArn, payload, signal }: Invocation): Promise<InvocationResult> {
    if (this.#closed) throw new Error('The function pool is closed')
    signal?.throwIfAborted()
    const model = findFunction(this.#deployed, functionArn)
    if (model === undefined) throw functionNotFound(functionArn)
    const text = JSON.stringify(payload ?? null)
    if (Buffer.byteLength(text) > maxRequestBytes) throw requestTooLarge()
    const inFlight = this.#inFlight.get(model.name) ?? 0
    if (inFlight >= (model.reservedConcurrency ?? Infinity)) throw tooManyRequests()
    this.#inFlight.set(model.name, inFlight + 1)
    try {
      const answer = await this.#enqueue(model, functionArn, text, signal)
      const failed = answer.functionError ? { functionError: answer.functionError } : {}
      return { payload: JSON.parse(answer.payload) as unknown, ...failed }
    } finally {
      this.#inFlight.set(model.name, (this.#inFlight.get(model.name) ?? 1) - 1)
    }
  }

  peakMemory(): Readonly<Record<string, number>> {
    for (const sandbox of this.#processes) this.#notePeak(sandbox)
    return Object.fromEntries(this.#peaks)
  }

  running(): readonly RunningInvocation[] {
    const busy = [...this.#processes].filter((sandbox) => sandbox.busy && sandbox.usable)
    return busy.map((sandbox) => ({ functionName: sandbox.model.name, kill: () => sandbox.kill() }))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { drop } of this.#waiting.splice(0)) drop(new Error('The function pool is closed'))
    const empty = new Promise<void>((resolve) => (this.#emptied = resolve))
    for (const sandbox of this.#processes) sandbox.kill()
    if (this.#processes.size > 0) await empty
    for (const log of this.#logs.values()) log.close()
    this.#logs.clear()
  }

  #enqueue(
    model: DeployedFunction,
    functionArn: string,
    payload: string,
    signal?: AbortSignal,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let sandbox: FunctionProcess | undefined
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting)
        sandbox?.kill()
        reject(signal?.reason as Error)
      }
      const settle = (answer: Answer) => {
        signal?.removeEventListener('abort', abort)
        resolve(answer)
      }
      const onStart = (started: FunctionProcess) => (sandbox = started)
      const requestId = randomUUID()
      const waiting: Waiting = { model, requestId, functionArn, payload, settle, onStart, drop: reject }
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiting.push(waiting)
      this.#dispatch()
    })
  }

  /** In order of arrival; one whose function has no place left does not hold up another function's. */
  #dispatch(): void {
    if (this.#closed) return
    this.#waiting = this.#waiting.filter((waiting) => {
      const sandbox = this.#place(waiting.model)
      if (sandbox === undefined) return true
      waiting.onStart(sandbox)
      void sandbox.invoke(waiting.requestId, waiting.functionArn, waiting.payload).then((answer) => {
        this.#notePeak(sandbox)
        waiting.settle(answer)
        this.#dispatch()
      })
      return false
    })
  }

  #place(model: DeployedFunction): FunctionProcess | undefined {
    const own = [...this.#processes].filter((sandbox) => sandbox.model === model)
    const warm = own.find((sandbox) => sandbox.usable && !sandbox.busy)
    if (warm !== undefined) return warm
    if (own.length >= (this.#options.maxProcessesPerFunction ?? Infinity)) return undefined
    if (this.#processes.size >= this.#options.maxProcesses) {
      this.#evict()
      return undefined
    }
    const log = this.#log(model.name)
    const sandbox: FunctionProcess = new FunctionProcess(model, this.#options, log, () => {
      this.#notePeak(sandbox)
      this.#processes.delete(sandbox)
      if (this.#processes.size === 0) this.#emptied?.()
      this.#dispatch()
    })
    this.#processes.add(sandbox)
    return sandbox
  }

  /** Makes room by ending the process that has been idle longest; its exit dispatches again. */
  #evict(): void {
    const idle = [...this.#processes].filter(({ busy }) => !busy).toSorted((a, b) => a.lastUsed - b.lastUsed)
    // One that was killed and has not gone yet makes room already.
    if (idle.every(({ usable }) => usable)) idle[0]?.kill()
  }

  #log(functionName: string): FunctionLog {
    const log = this.#logs.get(functionName) ?? new FunctionLog(this.#options.stateDirectory, functionName)
    this.#logs.set(functionName, log)
    return log
  }

  #notePeak({ model, peakBytes }: FunctionProcess): void {
    this.#peaks.set(model.name, Math.max(this.#peaks.get(model.name) ?? 0, peakBytes))
  }
}
