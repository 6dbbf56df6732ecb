import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type DescribeExecutionCommandOutput,
  type ExecutionListItem,
  type HistoryEvent,
} from '@aws-sdk/client-sfn'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'
import { sfnFailureSearch } from '../../lambdas/shared/adapters/sfn-executions/failure-search.ts'
import type { Failure } from '../../lambdas/shared/ports/executions.ts'
import { answerGate, approvalLink } from '../../local/cli/answer-gate.ts'
import { createClients, type Clients } from '../../local/cli/clients.ts'
import { GateKeeper } from '../../local/cli/gate-keeper.ts'
import type { LocalSystem } from '../../local/cli/local-system.ts'
import type { Screen } from '../../local/cli/screen.ts'
import { sendSources } from '../../local/cli/send-sources.ts'
import type { Mail } from '../../local/mailbox/mail.ts'
import cities from '../../migrations/cities/migration.ts'

/** A screen that shows nothing. */
export const silent: Screen = {
  line: () => undefined,
  progress: () => undefined,
  endProgress: () => undefined,
}
const pauseMilliseconds = 50

type Machine = 'migrate' | 'stage' | 'window'

/** Somebody with the AWS SDK, at a local system that runs in this process. */
export class Operator {
  readonly clients: Clients
  readonly #system: LocalSystem
  readonly #over = new AbortController()

  constructor(system: LocalSystem) {
    this.#system = system
    this.clients = createClients(system.endpoint, system.stateMachineArn)
  }

  /** Replaces the sources of both segments by the files in `<folder>/cities` and `<folder>/airports`. */
  async send(folder: string): Promise<void> {
    const sources = cities.segments.map(({ name }) => ({ segment: name, path: `${folder}/${name}` }))
    await sendSources(this.clients.s3, this.#system, cities, sources, silent)
  }

  /** Approves at each gate whose stage has passed, and holds the others. */
  approve(): void {
    new GateKeeper(this.#system, silent, this.#over.signal).watch(true)
  }

  /** Starts a run of the cities, with this laid over the input. Answers its ARN. */
  async run(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return this.start({ migration: 'cities', startedBy: 'operator@example.com', ...more })
  }

  async start(input: unknown): Promise<string> {
    const { stateMachineArn } = this.#system
    const started = await this.clients.states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    )
    return started.executionArn ?? ''
  }

  async stop(executionArn: string): Promise<void> {
    await this.clients.states.send(new StopExecutionCommand({ executionArn }))
  }

  async redrive(executionArn: string): Promise<void> {
    await this.clients.states.send(new RedriveExecutionCommand({ executionArn }))
  }

  /** The execution, once it is over. */
  async ended(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    for (;;) {
      const described = await this.describe(executionArn)
      if (described.status !== 'RUNNING') return described
      await this.pause()
    }
  }

  async describe(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    return this.clients.states.send(new DescribeExecutionCommand({ executionArn }))
  }

  /** What the failure of an execution began with. */
  async originOf({ executionArn = '', error, cause }: DescribeExecutionCommandOutput): Promise<Failure> {
    return sfnFailureSearch(this.clients.states).originOf({ executionArn, error, cause })
  }

  /** The newest execution of `stage`, once its batches are being processed. */
  async stageAtWork(segment: string): Promise<string> {
    const stateMachineArn = this.machineArn('stage')
    for (;;) {
      const running = { stateMachineArn, statusFilter: 'RUNNING' as const, maxResults: 1 }
      const { executions = [] } = await this.clients.states.send(new ListExecutionsCommand(running))
      const executionArn = executions[0]?.executionArn
      if (executionArn !== undefined && (await this.#isAtWork(executionArn, segment))) return executionArn
      await this.pause()
    }
  }

  /** The newest mail to an address with such a subject, once it is there. */
  async mailTo(address: string, subject: RegExp): Promise<Mail> {
    for (;;) {
      const found = this.#system.mails().findLast((mail) => mail.to === address && subject.test(mail.subject))
      if (found !== undefined) return found
      await this.pause()
    }
  }

  /** Approves, by the link in the newest mail to an address, whether anybody waits for it or not. */
  async decide(address: string): Promise<void> {
    const { text } = await this.mailTo(address, /^/)
    const link = approvalLink(text, this.#system.approvalUrl)
    if (link === undefined) throw new Error(`no link in: ${text}`)
    const answer = await answerGate(link, this.#over.signal)
    if (answer !== 'approved') throw new Error(`the gate was ${answer}`)
  }

  /** Removes objects of the archive whose key begins and goes on so. Answers them. */
  async takeFromArchive(prefix: string, part: string): Promise<Map<string, Uint8Array>> {
    const { s3: client } = this.clients
    const Bucket = this.#system.archiveBucket
    const taken = new Map<string, Uint8Array>()
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
      for (const { Key = '' } of Contents.filter((one) => one.Key?.includes(part))) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
        taken.set(Key, (await Body?.transformToByteArray()) ?? new Uint8Array())
        await client.send(new DeleteObjectCommand({ Bucket, Key }))
      }
    }
    return taken
  }

  async putIntoArchive(objects: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const Bucket = this.#system.archiveBucket
    for (const [Key, Body] of objects) await this.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body }))
  }

  /** What a state of an execution answered. */
  async outputOf(executionArn: string, state: string): Promise<unknown> {
    for (const { stateExitedEventDetails: exited } of await this.history(executionArn))
      if (exited?.name === state) return JSON.parse(exited.output ?? 'null')
    throw new Error(`${executionArn} has not left ${state}`)
  }

  /** All executions of a state machine, newest first. */
  async executionsOf(machine: Machine): Promise<ExecutionListItem[]> {
    const { states: client } = this.clients
    const pages = paginateListExecutions({ client }, { stateMachineArn: this.machineArn(machine) })
    return (await Array.fromAsync(pages)).flatMap(({ executions = [] }) => executions)
  }

  /** Versions that executions of a state machine ran, each once. */
  async versionsRun(machine: Machine): Promise<string[]> {
    const all = await this.executionsOf(machine)
    return [...new Set(all.map(({ stateMachineVersionArn = 'none' }) => stateMachineVersionArn))]
  }

  async history(executionArn: string): Promise<HistoryEvent[]> {
    const { states: client } = this.clients
    const pages = paginateGetExecutionHistory({ client }, { executionArn, includeExecutionData: true })
    return (await Array.fromAsync(pages)).flatMap(({ events = [] }) => events)
  }

  machineArn(name: Machine): string {
    return this.#system.stateMachineArn.replace(/migrate:\d+$/, name)
  }

  async #isAtWork(executionArn: string, segment: string): Promise<boolean> {
    const { input = '' } = await this.describe(executionArn)
    if (!input.includes(`"segment":"${segment}"`)) return false
    const { mapRuns = [] } = await this.clients.states.send(new ListMapRunsCommand({ executionArn }))
    return mapRuns.some(({ mapRunArn = '' }) => mapRunArn.includes('/ProcessBatches'))
  }

  async pause(): Promise<void> {
    await sleep(pauseMilliseconds, undefined, { signal: this.#over.signal })
  }

  /** Ends whatever is waited for here. */
  leave(): void {
    this.#over.abort()
  }
}
