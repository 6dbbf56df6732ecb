import {
  batchRef,
  surveyRange,
  type Selection,
  type StageRef,
} from '../../lambdas/shared/contract/payloads.ts'
import { Crash, Delay, Interruption } from './interruptions.ts'
import type { FunctionName, InputOf, ResultOf, RunWorld } from './run-world.ts'

/** The execution was stopped. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

/**
 * A run as `migrate.asl.json` and `stage.asl.json` have it, with an approver who approves. One interruption is at work
 * in all its functions together; a function that it strikes is called again, or ends the run where `stops` says so.
 */
export class Flow {
  /** The function that was struck. */
  struck: FunctionName | undefined
  /** The invocation that hangs, where the interruption is a delay. */
  late: Promise<unknown> | undefined
  readonly #world: RunWorld
  readonly #id: string
  readonly #stops: boolean
  #interruption: Interruption
  #tokens = 0

  constructor(world: RunWorld, id: string, interruption = new Interruption(), stops = false) {
    this.#world = world
    this.#id = id
    this.#interruption = interruption
    this.#stops = stops
  }

  get #arn(): string {
    return `arn:${this.#id}`
  }

  /** @throws Stopped. */
  async run(): Promise<void> {
    const execution = { arn: this.#arn, name: this.#id, startedAt: '2026-01-01T00:00:00.000Z' }
    this.#world.executions.running.add(this.#arn)
    try {
      const input = { migration: this.#world.migration.name, startedBy: 'operator@example.com' }
      const { run, waves, warnings } = await this.#call('openRun', { input, execution })
      for (const { nodes } of waves) for (const node of nodes) await this.#stage({ run, ...node })
      await this.#call('closeRun', { run, warnings })
    } finally {
      this.#world.executions.running.delete(this.#arn)
    }
  }

  async #stage(ref: StageRef): Promise<void> {
    const begun = await this.#call('beginStage', ref)
    if (begun.action === 'skip') return
    const gate =
      begun.gate ?? (await this.#call('judge', { ...ref, summaryKey: await this.#measure(ref, begun) })).gate
    await this.#decision({ ...ref, gate })
    await this.#call('act', { ...ref, gate })
  }

  async #measure(
    ref: StageRef,
    { plans, loads, checksWholeTarget }: ResultOf<'beginStage'>,
  ): Promise<string> {
    const entry = { ...ref, execution: `${this.#arn}/${ref.stage}` }
    if (plans) await this.#plan(entry)
    const selection = await this.#call('selectBatches', entry)
    const { manifest, partitions, scanParts: parts } = selection
    const steps = Array.from({ length: partitions }, (_, partition) => ({ ...ref, manifest, partition }))
    for (let affected = 1; affected > 0;) {
      await this.#batches(ref, selection, loads)
      affected = 0
      if (plans) for (const step of steps) affected += (await this.#call('findDuplicates', step)).affected
    }
    if (checksWholeTarget) {
      for (let part = 0; part < parts; part += 1)
        await this.#call('scanTarget', { ...ref, manifest, part, parts })
      for (const step of steps) await this.#call('findUnexpected', step)
    }
    const startedAt = ref.run.startedAt
    return (await this.#call('summarise', { ...ref, manifest, startedAt, checksWholeTarget })).summaryKey
  }

  async #plan(entry: StageRef & { execution: string }): Promise<void> {
    const { survey, key } = await this.#call('surveySource', entry)
    for (const line of this.#lines(key)) {
      await this.#call('scanRange', { ...entry, survey, range: surveyRange.parse(JSON.parse(line)) })
    }
    await this.#call('freezeManifest', { ...entry, survey })
  }

  async #batches(ref: StageRef, { manifest, key }: Selection, loads: boolean): Promise<void> {
    for (const line of this.#lines(key)) {
      const input = { ...ref, manifest, batch: batchRef.parse(JSON.parse(line)).batch, loads }
      for (const step of [
        'extract',
        'transform',
        ...(loads ? (['load'] as const) : []),
        'reconcile',
      ] as const) {
        await this.#call(step, input)
      }
    }
  }

  /** Enters the gate again, as at each reminder, until its newest task token is answered. */
  async #decision(at: StageRef & { gate: string }): Promise<void> {
    const { executions } = this.#world
    for (;;) {
      const taskToken = `${this.#id}-token-${(this.#tokens += 1)}`
      executions.waiting.add(taskToken)
      await this.#call('awaitDecision', { ...at, taskToken })
      if (executions.waiting.has(taskToken)) await this.#approve(at.gate)
      if (!executions.waiting.delete(taskToken)) return
    }
  }

  async #approve(gate: string): Promise<void> {
    const { gates, notifier } = this.#world
    const capability = /gates\/(\S+)$/m.exec(notifier.approverMails.at(-1)?.text ?? '')?.[1] ?? ''
    const evidence = (await gates.gate(gate))?.evidence ?? ''
    const form = new URLSearchParams({ decision: 'approve', reason: 'as it should be', evidence })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await this.#call('decideGate', { capability, headers, body: Buffer.from(form.toString()) })
  }

  /** What `Retry` does. */
  async #call<N extends FunctionName>(name: N, input: InputOf<N>): Promise<ResultOf<N>> {
    const interruption = this.#interruption
    const work = this.#world.call(name, input, interruption)
    try {
      if (!(interruption instanceof Delay)) return await work
      return await Promise.race([work, interruption.reached.then(() => Promise.reject(new Crash('hangs')))])
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      this.struck = name
      this.late = work
      work.catch(() => undefined)
      this.#interruption = new Interruption()
      if (this.#stops) throw new Stopped(`in ${name}: ${error.message}`)
      return await this.#call(name, input)
    }
  }

  #lines(key: string): string[] {
    return (this.#world.archive.text(key) ?? '').split('\n').filter((line) => line !== '')
  }
}
