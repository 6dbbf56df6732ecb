import { executionArn } from './arns.ts'
import { ApiError } from './errors.ts'
import type { Execution } from './execution.ts'
import type { ExecutionStore } from './execution-store.ts'
import { started } from './history.ts'
import { byteSize, type Json } from './json.ts'
import { MAX_PAYLOAD_BYTES } from './limits.ts'
import type { Machine } from './machines.ts'
import type { Clock } from './ports.ts'
import type { ExecutionFacts } from './record.ts'

/** What a start needs of the engine. */
export interface Launcher {
  store: ExecutionStore
  ports: { clock: Clock }
  launch(execution: Execution): void
}

/**
 * Starts an execution. With the name and input of one that runs, it returns that one; otherwise a name that was used is
 * refused (API reference, StartExecution).
 */
export function startExecution(
  launcher: Launcher,
  start: { machine: Machine; name: string; input: Json; startedBy?: string },
): Execution {
  const { machine, name, input, startedBy = null } = start
  checkName(name)
  if (byteSize(input) > MAX_PAYLOAD_BYTES) {
    throw new ApiError('InvalidExecutionInput', `The input has more than ${MAX_PAYLOAD_BYTES} bytes`)
  }
  const arn = executionArn(machine.arn, name)
  const known = launcher.store.executions.get(arn)
  if (known !== undefined) {
    if (startedBy !== null && known.facts.startedBy === startedBy) return known
    const same = JSON.stringify(known.facts.input) === JSON.stringify(input)
    if (known.facts.status === 'RUNNING' && same && startedBy === null) return known
    throw new ApiError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
  }
  const begun = startedFacts({ arn, name, machine, input, startDate: launcher.ports.clock.now() })
  const facts = { ...begun, definition: machine.definition, startedBy }
  const execution = launcher.store.create(facts)
  execution.write({ x: facts, events: [started(input, machine.roleArn)] })
  launcher.launch(execution)
  return execution
}

/** The facts of an execution that begins now. */
export function startedFacts(begin: {
  arn: string
  name: string
  machine: { arn: string; name: string; versionArn: string | null; roleArn: string }
  input: Json
  startDate: number
}): ExecutionFacts {
  const { arn, name, machine, input, startDate } = begin
  return {
    arn,
    name,
    machineArn: machine.arn,
    machineName: machine.name,
    versionArn: machine.versionArn,
    roleArn: machine.roleArn,
    type: 'STANDARD',
    definition: null,
    mapRunArn: null,
    itemCount: 1,
    input,
    status: 'RUNNING',
    startDate,
    stopDate: null,
    output: null,
    error: null,
    cause: null,
    redriveCount: 0,
    redriveDate: null,
    round: 0,
    startedBy: null,
    told: null,
  }
}

// Quotas, 'Names in Step Functions': 1 to 80 characters without white space, wildcards, brackets and some others.
function checkName(name: string): void {
  const forbidden = [...name].some((one) => /[\s?*<>{}[\]:;,\\|^~$#%&`"/]/.test(one) || one < ' ')
  if (name.length === 0 || name.length > 80 || forbidden) {
    throw new ApiError('InvalidName', `Invalid Name: '${name}'`)
  }
}
