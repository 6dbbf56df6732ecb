import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { DeployedFunction } from './deployed.ts'
import { functionEnvironment, memoryFlags, type FunctionSurroundings } from './environment.ts'
import { exited, outOfMemory, timedOut } from './errors.ts'
import type { FunctionLog } from './function-log.ts'
import type { ErrorPayload, InvokeMessage, ProcessMessage } from './protocol.ts'

const bootstrap = fileURLToPath(new URL('./bootstrap.ts', import.meta.url))
/** Lambda gives a start 10 s; what is left of a slower one is taken from the time limit, as there. */
const initMilliseconds = 10_000
const memoryPollMilliseconds = 100

export interface Answer {
  readonly payload: string
  readonly functionError?: 'Unhandled'
}

interface Running {
  readonly message: InvokeMessage
  readonly settle: (answer: Answer) => void
  started: number
  limit?: NodeJS.Timeout
}

/** One sandbox: a process that serves one invocation at a time, and is not used again after a fatal error. */
export class FunctionProcess {
  readonly model: DeployedFunction
  usable = true
  lastUsed = 0
  peakBytes = 0
  readonly #child: ChildProcess
  readonly #log: FunctionLog
  readonly #poll: NodeJS.Timeout
  #ready = false
  #initMilliseconds: number | undefined
  #running: Running | undefined

  constructor(
    model: DeployedFunction,
    surroundings: FunctionSurroundings,
    log: FunctionLog,
    onExit: () => void,
  ) {
    this.model = model
    this.#log = log
    const stream = `local/[${model.version}]${randomUUID().replaceAll('-', '')}`
    this.#child = fork(bootstrap, {
      cwd: model.codeDirectory,
      env: functionEnvironment(model, surroundings, stream),
      execArgv: [...memoryFlags(model), '--disable-warning=ExperimentalWarning'],
      // The log file itself: the lines are in it before the answer is sent, and none passes through this process.
      stdio: ['ignore', log.descriptor, log.descriptor, 'ipc'],
      serialization: 'advanced',
    })
    this.#child.on('message', (message) => this.#receive(message as ProcessMessage))
    this.#child.on('error', () => this.kill())
    this.#child.once('exit', (code, signal) => {
      this.usable = false
      clearInterval(this.#poll)
      const requestId = this.#running?.message.requestId ?? ''
      this.#fail(exited(requestId, code, signal))
      onExit()
    })
    this.#poll = setInterval(() => void this.#watchMemory(), memoryPollMilliseconds)
    this.#poll.unref()
  }

  get busy(): boolean {
    return this.#running !== undefined
  }

  invoke(requestId: string, functionArn: string, payload: string): Promise<Answer> {
    return new Promise((settle) => {
      const started = performance.now()
      this.#running = { message: { requestId, functionArn, payload, deadline: 0 }, settle, started }
      this.#log.start(requestId, this.model.version)
      if (this.#ready) this.#send()
      else this.#running.limit = this.#limit(initMilliseconds + this.model.timeoutSeconds * 1000)
    })
  }

  kill(): void {
    this.usable = false
    this.#child.kill('SIGKILL')
  }

  #send(): void {
    const running = this.#running
    if (running === undefined) return
    const milliseconds = this.model.timeoutSeconds * 1000
    clearTimeout(running.limit)
    running.limit = this.#limit(milliseconds)
    running.started = performance.now()
    this.#child.send({ ...running.message, deadline: Date.now() + milliseconds })
  }

  #limit(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.kill()
      this.#fail(timedOut(this.#running?.message.requestId ?? '', this.model.timeoutSeconds))
    }, milliseconds)
  }

  #receive(message: ProcessMessage): void {
    if (message.type === 'ready') {
      this.#ready = true
      this.#initMilliseconds = message.initMilliseconds
      this.#send()
      return
    }
    this.peakBytes = Math.max(this.peakBytes, message.peakKiB * 1024)
    if (message.type === 'error') {
      if (message.exits) this.usable = false
      this.#fail(message.error)
    } else if (message.requestId === this.#running?.message.requestId) {
      this.#settle({ payload: message.payload })
    }
  }

  #fail(error: ErrorPayload): void {
    this.#settle({ payload: JSON.stringify(error), functionError: 'Unhandled' })
  }

  #settle(answer: Answer): void {
    const running = this.#running
    if (running === undefined) return
    this.#running = undefined
    this.lastUsed = performance.now()
    clearTimeout(running.limit)
    this.#log.end(running.message.requestId, {
      milliseconds: performance.now() - running.started,
      memoryMiB: this.model.memoryMiB,
      peakBytes: this.peakBytes,
      initMilliseconds: this.#initMilliseconds,
      ...(answer.functionError ? { failure: answer.payload } : {}),
    })
    this.#initMilliseconds = undefined
    running.settle(answer)
  }

  async #watchMemory(): Promise<void> {
    // Elsewhere than on Linux the process itself tells, at the end of an invocation.
    if (process.platform !== 'linux' || !this.busy) return
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8').catch(() => '')
    const resident = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
    this.peakBytes = Math.max(this.peakBytes, resident)
    if (this.usable && this.busy && resident > this.model.memoryMiB * 1024 * 1024) {
      this.kill()
      this.#fail(outOfMemory(this.#running?.message.requestId ?? ''))
    }
  }
}
