import { join } from 'node:path'
import { availableParallelism } from 'node:os'
import { loadAssembly } from './assembly/load-assembly.ts'
import type { Assembly } from './assembly/model.ts'
import type { FaultOptions } from './faults/fault-plan.ts'
import { createFunctionPool, type FunctionPool, type RunningInvocation } from './lambda/pool.ts'
import type { Mail } from './mailbox/mail.ts'
import { createGuard, type GuardDecision } from './permissions/guard.ts'
import { startServices, type Services } from './services/services.ts'
import { handleStatesRequest } from './states/api.ts'
import { Engine } from './states/engine.ts'
import { systemClock } from './states/system-clock.ts'
import { enginePorts } from './system/engine-ports.ts'
import { pendingEvents } from './system/pending-events.ts'
import { settledPort } from './system/port.ts'
import { holdState, requireIdle } from './system/holder.ts'
import { requireManagedRule } from './system/managed-rule.ts'
import { machineOfToken } from './system/machine-of-token.ts'

/** Account and region that stand in ARNs on one machine. */
export const account = '000000000000'
export const region = 'us-east-1'

export interface SystemOptions {
  readonly stateDirectory: string
  /** What `cdk synth` wrote. */
  readonly assemblyDirectory: string
  /** 0: the port that this state directory had before, else any that is free. */
  readonly port: number
  /** Called after requests of functions and state machines were answered, with their number since the start. */
  readonly onServed?: (served: number) => void
  /** With them, calls of functions and state machines to S3 and DynamoDB fail. */
  readonly faults?: FaultOptions
  /** An iCalendar file that stands for every Change Calendar; by default those of the assembly. */
  readonly calendarFile?: string
  /** Addresses whose e-mail subscriptions wait until the link in a mail is opened; by default all are confirmed. */
  readonly unconfirmed?: readonly string[]
  /** Told each permission that a role or service asked for, and whether it was given. */
  readonly onDecision?: (decision: GuardDecision) => void
}

/** The whole system on one machine: what CDK synthesised, running. */
export interface System {
  /** Address of every service. */
  readonly endpoint: string
  readonly mailboxUrl: string
  readonly assembly: Assembly
  readonly mails: () => readonly Mail[]
  readonly onMail: (callback: (mail: Mail) => void) => () => void
  /** Largest resident memory of any process of a function so far, in bytes, by function. */
  readonly peakMemory: () => Readonly<Record<string, number>>
  /** Invocations of functions that are under way; each can be killed. */
  readonly running: () => readonly RunningInvocation[]
  /** How many requests of functions and state machines were answered since the start. */
  readonly requests: () => number
  readonly faults: Services['faults']
  readonly close: () => Promise<void>
}

/**
 * Starts the system on a state directory, and goes on with every execution that was running when it ended. It may
 * have been killed at any time. @throws UnsupportedTemplate, UnsupportedFeature for what one machine cannot do.
 */
export async function startSystem({
  stateDirectory,
  assemblyDirectory,
  port,
  onServed,
  faults,
  calendarFile,
  unconfirmed,
  onDecision,
}: SystemOptions): Promise<System> {
  await requireIdle(stateDirectory)
  await using opened = new AsyncDisposableStack()
  // The address is part of function versions, through the links to the approval page: it has to stay the same.
  const settled = await settledPort(stateDirectory, port)
  opened.defer(await holdState(stateDirectory))
  const assembly = await loadAssembly({
    directory: assemblyDirectory,
    stateDirectory,
    account,
    region,
    httpApiEndpoint: (id) => `http://127.0.0.1:${settled}/api/${id}`,
  })

  const parts: { engine?: Engine; functions?: FunctionPool } = {}
  const engineOf = () => ready(parts.engine, 'the engine')
  const stateMachineArnOf = (token: string) => machineOfToken(engineOf(), token)
  const guard = createGuard(assembly, { account, region, stateMachineArnOf }, onDecision)
  const services = await startServices({
    stateDirectory,
    port: settled,
    assembly,
    guard,
    ...(onServed && { onServed }),
    ...(faults && { faults }),
    ...(calendarFile !== undefined && { calendarFile }),
    ...(unconfirmed && { unconfirmed }),
    statesHandler: (target, body) => handleStatesRequest(engineOf(), target, body),
    invoke: (invocation) => ready(parts.functions, 'the function pool').invoke(invocation),
  })
  opened.defer(() => services.close())
  const { endpoint, dynamodbEndpoint, credentials } = services
  const events = pendingEvents(services.emit)
  const cores = availableParallelism()
  parts.functions = createFunctionPool({
    functions: assembly.functions,
    stateDirectory,
    maxProcesses: 8 * cores,
    maxProcessesPerFunction: cores,
    region,
    credentials,
    endpoint,
    dynamodbEndpoint,
  })
  const { functions } = parts
  opened.defer(() => functions.close())
  opened.defer(() => events.settled())
  parts.engine = new Engine(
    join(stateDirectory, 'executions'),
    enginePorts({ endpoint, region, credentials, guard, functions, clock: systemClock, emit: events.emit }),
  )
  const { engine } = parts
  opened.defer(() => engine.close())
  for (const machine of assembly.stateMachines) {
    requireManagedRule(machine, guard)
    engine.registerStateMachine({ ...machine, versionArn: undefined })
    for (const version of machine.versions) {
      engine.registerStateMachine({
        name: machine.name,
        arn: machine.arn,
        versionArn: version.arn,
        ...content(version),
      })
    }
  }
  engine.recover()

  const running = opened.move()
  return {
    endpoint,
    mailboxUrl: `${endpoint}/mailbox`,
    assembly,
    mails: services.mails,
    onMail: services.onMail,
    requests: services.requests,
    faults: services.faults,
    peakMemory: () => functions.peakMemory(),
    running: () => functions.running(),
    close: () => running.disposeAsync(),
  }
}

const content = ({ definition, roleArn }: { readonly definition: string; readonly roleArn: string }) => ({
  definition,
  roleArn,
})

function ready<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`${name} is not ready yet`)
  return part
}
