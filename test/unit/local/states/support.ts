import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../../../local/states/engine.ts'
import type { Execution } from '../../../../local/states/execution.ts'
import type { Json, JsonObject } from '../../../../local/states/json.ts'
import type {
  Clock,
  ExecutionStatusChange,
  InvokeRequest,
  Ports,
  ServiceCall,
} from '../../../../local/states/ports.ts'

export const ROLE = 'arn:aws:iam::111122223333:role/machine'
export const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:demo'
export const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:work:7'

/** A clock that stands still until it is told to move, or, when `auto`, jumps to the next sleeper once all is idle. */
class FakeClock implements Clock {
  time = Date.parse('2026-01-01T00:00:00Z')
  auto = true
  readonly slept: number[] = []
  #sleepers: { at: number; wake: () => void }[] = []
  #pumping = false

  now(): number {
    return this.time
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.slept.push(milliseconds)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (signal.aborted) return Promise.reject(new Error('aborted'))
    const sleeper = { at: this.time + milliseconds, wake: resolve }
    this.#sleepers.push(sleeper)
    signal.addEventListener('abort', () => {
      this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
      reject(new Error('aborted'))
    })
    if (this.auto) void this.#pump()
    return promise
  }

  /** Moves on and wakes who is due. */
  async advance(milliseconds: number): Promise<void> {
    this.time += milliseconds
    this.#wake()
    await idle()
  }

  #wake(): void {
    const due = this.#sleepers.filter((one) => one.at <= this.time)
    this.#sleepers = this.#sleepers.filter((one) => one.at > this.time)
    for (const one of due) one.wake()
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return
    this.#pumping = true
    while (this.auto && this.#sleepers.length > 0) {
      await idle()
      const next = Math.min(...this.#sleepers.map((one) => one.at))
      if (next !== Infinity) this.time = Math.max(this.time, next)
      this.#wake()
    }
    this.#pumping = false
  }
}

/** Lets everything run that needs no time to pass. */
export async function idle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export type Work = (payload: Json, request: InvokeRequest) => Json | Promise<Json>

/** A function that reports an error of its own, as Lambda does. */
export class FunctionError extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

/** A refusal of a service, with the error name that Step Functions reports. */
export function refusal(name: string, message = 'refused'): Error {
  const error = new Error(message)
  error.name = name
  return error
}

/** An engine over fakes, and what the fakes saw. */
export class World {
  readonly clock = new FakeClock()
  readonly invocations: { functionArn: string; payload: Json }[] = []
  readonly calls: ServiceCall[] = []
  readonly changes: ExecutionStatusChange[] = []
  readonly problems: Error[] = []
  readonly objects = new Map<string, string>()
  readonly written = new Map<string, string>()
  readonly asked: { roleArn: string; action: string; resource: string }[] = []
  readonly directory: string
  work: Work = (payload) => payload
  service: (call: ServiceCall) => Json = () => ({})
  allow: (action: string, resource: string) => boolean = () => true
  chance = 0.5
  engine: Engine
  #ids = 0

  constructor(directory = mkdtempSync(join(tmpdir(), 'states-'))) {
    this.directory = directory
    this.engine = new Engine(directory, this.ports())
  }

  ports(): Ports {
    return {
      clock: this.clock,
      random: () => this.chance,
      newId: () => `00000000-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}`,
      invokeFunction: async (request) => {
        this.invocations.push({ functionArn: request.functionArn, payload: request.payload })
        try {
          return { payload: await this.work(request.payload, request) }
        } catch (error) {
          if (!(error instanceof FunctionError)) throw error
          const payload = { errorType: error.type, errorMessage: error.message, trace: [] }
          return { payload, functionError: 'Unhandled' }
        }
      },
      callService: async (call) => {
        this.calls.push(call)
        return this.service(call)
      },
      readObject: (request) => this.#read(`${request.bucket}/${request.key}`),
      writeObject: async ({ bucket, key, body }) => {
        this.written.set(`${bucket}/${key}`, body)
      },
      authorize: async (request) => {
        this.asked.push(request)
        if (!this.allow(request.action, request.resource)) {
          throw refusal(
            'AccessDeniedException',
            `not authorized to perform ${request.action} on ${request.resource}`,
          )
        }
      },
      executionStatusChanged: (change) => {
        this.changes.push(change)
      },
      report: (problem) => {
        this.problems.push(problem)
      },
    }
  }

  async *#read(place: string): AsyncIterable<Uint8Array> {
    const text = this.objects.get(place)
    if (text === undefined) throw refusal('NoSuchKey', 'The specified key does not exist.')
    const bytes = Buffer.from(text)
    // Small chunks, so that lines and characters are torn.
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
  }

  register(states: JsonObject, more: JsonObject = {}, name = 'demo'): string {
    const arn = MACHINE.replace(/demo$/, name)
    this.engine.registerStateMachine({ name, arn, roleArn: ROLE, definition: machine(states, more) })
    return arn
  }

  /** Registers the states, runs them to the end and returns the execution. */
  async run(states: JsonObject, input: Json = {}, more: JsonObject = {}): Promise<Execution> {
    const { facts } = this.engine.startExecution({ stateMachineArn: this.register(states, more), input })
    return this.engine.ended(facts.arn)
  }

  /** A new engine over the same directory, as after a restart of the process. */
  async restart(): Promise<void> {
    await this.engine.close()
    this.engine = new Engine(this.directory, this.ports())
  }

  types(arn: string): string[] {
    return this.engine.history(arn).map(({ type }) => type)
  }

  async dispose(): Promise<void> {
    this.clock.auto = false
    await this.engine.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** A definition whose first state is the first one given. */
export function machine(states: JsonObject, more: JsonObject = {}): string {
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: Object.keys(states)[0] ?? '',
    States: states,
    ...more,
  })
}

/** A Task that calls the function with the state's input and gives its Payload. */
export function call(more: JsonObject = {}): JsonObject {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: FUNCTION, Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    ...('Next' in more ? {} : { End: true }),
    ...more,
  }
}

/** A Task that waits for its token; the function gets `{token}`. */
export function callback(more: JsonObject = {}): JsonObject {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: FUNCTION, Payload: { token: '{% $states.context.Task.Token %}' } },
    ...('Next' in more ? {} : { End: true }),
    ...more,
  }
}

/** The token of the latest invocation. */
export function tokenOf(world: World): string {
  const payload = world.invocations.at(-1)?.payload as { token: string }
  return payload.token
}
