import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  paginateGetExecutionHistory,
  type SFNClient,
} from '@aws-sdk/client-sfn'
import { z } from 'zod'
import type { Progress } from './screen.ts'

const submitted = z.object({ ExecutionArn: z.string() })
const stageInput = z.object({ segment: z.string(), stage: z.string() })
/** What `migrate` hands to `window`, which waits for a calendar. */
const waitInput = stageInput.extend({ calendar: z.string(), why: z.string() })

interface StageExecution {
  readonly arn: string
  readonly name: string
  isOver: boolean
}

/** How far the stages of a run are, from the map runs of the executions that it started. */
export class StageProgress {
  readonly #states: SFNClient
  readonly #runArn: string
  readonly #stages = new Map<string, StageExecution>()
  readonly #waits = new Set<string>()
  readonly #untold: string[] = []
  #hasWaited = false

  constructor(states: SFNClient, runArn: string) {
    this.#states = states
    this.#runArn = runArn
  }

  /** Whether the run has measured a stage, or waited at a gate, as far as was read. */
  get hasDoneAnything(): boolean {
    return this.#hasWaited || this.#stages.size > 0
  }

  /** One entry per stage under way, and a last one for each that has ended since the call before. */
  async read(): Promise<Progress[]> {
    await this.#findStages()
    const open = [...this.#stages.values()].filter(({ isOver }) => !isOver)
    return (await Promise.all(open.map((stage) => this.#progressOf(stage)))).flat()
  }

  /** A sentence for each wait for a calendar that has begun since the call before. */
  takeWaits(): string[] {
    return this.#untold.splice(0)
  }

  async #findStages(): Promise<void> {
    const input = { executionArn: this.#runArn, includeExecutionData: true }
    for await (const page of paginateGetExecutionHistory({ client: this.#states }, input)) {
      for (const { taskSubmittedEventDetails: details } of page.events ?? []) {
        this.#hasWaited ||= details !== undefined
        if (details?.output === undefined || details.resourceType !== 'states') continue
        const { ExecutionArn: arn } = submitted.parse(JSON.parse(details.output))
        if (!this.#stages.has(arn) && !this.#waits.has(arn)) await this.#add(arn)
      }
    }
  }

  async #add(arn: string): Promise<void> {
    const described = await this.#states.send(new DescribeExecutionCommand({ executionArn: arn }))
    const input: unknown = JSON.parse(described.input ?? '{}')
    const { segment, stage } = stageInput.parse(input)
    const name = `${segment} / ${stage}`
    const wait = waitInput.safeParse(input)
    if (!wait.success) return void this.#stages.set(arn, { arn, name, isOver: false })
    this.#waits.add(arn)
    this.#untold.push(`${name} waits: ${wait.data.why}`)
  }

  async #progressOf(stage: StageExecution): Promise<Progress[]> {
    const { status } = await this.#states.send(new DescribeExecutionCommand({ executionArn: stage.arn }))
    const { mapRuns = [] } = await this.#states.send(new ListMapRunsCommand({ executionArn: stage.arn }))
    stage.isOver = status !== 'RUNNING'
    const newest = mapRuns.toSorted(
      (a, b) => (b.startDate?.getTime() ?? 0) - (a.startDate?.getTime() ?? 0),
    )[0]
    if (newest?.mapRunArn === undefined) return []
    const { itemCounts } = await this.#states.send(new DescribeMapRunCommand({ mapRunArn: newest.mapRunArn }))
    if (itemCounts?.total === undefined || itemCounts.total === 0) return []
    const done = (itemCounts.succeeded ?? 0) + (itemCounts.failed ?? 0)
    return [{ name: stage.name, unit: unitOf(newest.mapRunArn), done, total: itemCounts.total }]
  }
}

/** `…:mapRun:<machine>/<label>:<id>`; the label is the state that started it. */
const unitOf = (mapRunArn: string) => (/\/ScanRanges[^/]*$/.test(mapRunArn) ? 'ranges surveyed' : 'batches')
