import { Interrupted } from './errors.ts'
import type { Execution } from './execution.ts'
import { unqualified } from './arns.ts'
import { abortable } from './interruption.ts'
import type { ExecutionStatusChange, Ports } from './ports.ts'
import type { ExecutionFacts } from './record.ts'

/** Tells the event sink each status of a Standard execution, in order, and notes on disk what has been told. */
export class StatusTeller {
  readonly #ports: Ports
  readonly #closing: AbortSignal
  readonly #last = new WeakMap<Execution, Promise<void>>()
  readonly #open = new Set<Promise<void>>()

  constructor(ports: Ports, closing: AbortSignal) {
    this.#ports = ports
    this.#closing = closing
  }

  tell(execution: Execution): void {
    const { facts } = execution
    const mark = `${facts.status}:${facts.redriveCount}`
    if (facts.type === 'EXPRESS' || facts.told === mark) return
    const change = changeOf(facts)
    const told = (this.#last.get(execution) ?? Promise.resolve()).then(() =>
      this.#send(execution, change, mark),
    )
    this.#last.set(execution, told)
    this.#open.add(told)
    void told.finally(() => this.#open.delete(told))
  }

  async settled(): Promise<void> {
    await Promise.allSettled([...this.#open])
  }

  async #send(execution: Execution, change: ExecutionStatusChange, mark: string): Promise<void> {
    if (this.#closing.aborted) return
    try {
      await abortable(Promise.resolve(this.#ports.executionStatusChanged(change)), this.#closing)
      execution.write({ x: { told: mark } })
      if (execution.facts.status !== 'RUNNING') execution.close()
    } catch (error) {
      // It is told again after the restart.
      if (error instanceof Interrupted) return
      this.#ports.report(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

function changeOf(facts: ExecutionFacts): ExecutionStatusChange {
  return {
    executionArn: facts.arn,
    stateMachineArn: unqualified(facts.machineArn),
    stateMachineVersionArn: facts.versionArn,
    name: facts.name,
    status: facts.status,
    startDate: facts.startDate,
    stopDate: facts.stopDate,
    input: JSON.stringify(facts.input),
    output: facts.output === null && facts.status !== 'SUCCEEDED' ? null : JSON.stringify(facts.output),
    error: facts.error,
    cause: facts.cause,
    redriveCount: facts.redriveCount,
    redriveDate: facts.redriveDate,
  }
}
