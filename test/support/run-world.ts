import { randomBytes } from 'node:crypto'
import { act } from '../../lambdas/act/act.ts'
import { awaitDecision } from '../../lambdas/await-decision/await-decision.ts'
import { beginStage } from '../../lambdas/begin-stage/begin-stage.ts'
import { closeRun } from '../../lambdas/close-run/close-run.ts'
import { decideGate } from '../../lambdas/decide-gate/decide-gate.ts'
import { extract } from '../../lambdas/extract/extract.ts'
import { findDuplicates } from '../../lambdas/find-duplicates/find-duplicates.ts'
import { findUnexpected } from '../../lambdas/find-unexpected/find-unexpected.ts'
import { freezeManifest } from '../../lambdas/freeze-manifest/freeze-manifest.ts'
import { judge } from '../../lambdas/judge/judge.ts'
import { load } from '../../lambdas/load/load.ts'
import { openRun } from '../../lambdas/open-run/open-run.ts'
import { reconcile } from '../../lambdas/reconcile/reconcile.ts'
import { scanRange } from '../../lambdas/scan-range/scan-range.ts'
import { scanTarget } from '../../lambdas/scan-target/scan-target.ts'
import { selectBatches } from '../../lambdas/select-batches/select-batches.ts'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import { keyNames, ownedFields } from '../../lambdas/shared/domain/mapping/owned-fields.ts'
import { summarise } from '../../lambdas/summarise/summarise.ts'
import { surveySource } from '../../lambdas/survey-source/survey-source.ts'
import { transform } from '../../lambdas/transform/transform.ts'
import { FakeCalendars } from './fake-calendars.ts'
import { FakeCheckpointStore } from './fake-checkpoint-store.ts'
import { deadlineAfter, FakeClock } from './fake-clock.ts'
import { FakeDecisionLog } from './fake-decision-log.ts'
import { FakeExecutions } from './fake-executions.ts'
import { FakeGateStore } from './fake-gate-store.ts'
import { FakeNotifier } from './fake-notifier.ts'
import { FakeObjectStore } from './fake-object-store.ts'
import { FakeRunStore } from './fake-run-store.ts'
import { fakeSource, type FakeSource } from './fake-source.ts'
import { FakeTarget } from './fake-target.ts'
import { Interruption } from './interruptions.ts'

/** All functions of a run, as the state machines and the approval page call them. */
export const functions = {
  ...{
    openRun,
    beginStage,
    surveySource,
    scanRange,
    freezeManifest,
    selectBatches,
    extract,
    transform,
    load,
  },
  ...{ reconcile, findDuplicates, scanTarget, findUnexpected, summarise, judge, awaitDecision, decideGate },
  ...{ act, closeRun },
}
export type FunctionName = keyof typeof functions
export type InputOf<N extends FunctionName> = Parameters<(typeof functions)[N]>[0]
export type ResultOf<N extends FunctionName> = Awaited<ReturnType<(typeof functions)[N]>>

/** What all of them together need. */
type Ports = {
  [N in FunctionName]: (ports: Parameters<(typeof functions)[N]>[1]) => void
}[FunctionName] extends (ports: infer P) => void
  ? P
  : never

/** Everything that a deployed migration of one segment has around it, in memory. */
export class RunWorld {
  readonly staging = new FakeObjectStore('staging')
  readonly archive = new FakeObjectStore('archive')
  readonly evidence = new FakeObjectStore('evidence')
  readonly log = new FakeDecisionLog()
  readonly checkpoints = new FakeCheckpointStore()
  readonly runs = new FakeRunStore()
  readonly gates = new FakeGateStore()
  readonly notifier = new FakeNotifier()
  readonly calendars = new FakeCalendars()
  readonly executions = new FakeExecutions()
  readonly clock = new FakeClock()
  readonly source: FakeSource
  readonly target: FakeTarget
  migration: Migration
  fingerprint = 'a'.repeat(64)
  /** What happens elsewhere before a function is called. */
  beforeCall: (name: FunctionName) => void | Promise<void> = () => undefined

  constructor(migration: Migration, contents: Readonly<Record<string, string>>) {
    const segment = onlySegment(migration)
    this.migration = migration
    this.source = fakeSource(segment.source, contents)
    this.target = new FakeTarget(keyNames(segment), ownedFields(segment))
  }

  /** One invocation of a function. */
  async call<N extends FunctionName>(
    name: N,
    input: InputOf<N>,
    interruption = new Interruption(),
  ): Promise<ResultOf<N>> {
    await this.beforeCall(name)
    // The table pairs each function with its own input and result; TypeScript sees all of them at once.
    const run = functions[name] as (input: unknown, ports: unknown) => Promise<ResultOf<N>>
    return await run(input, this.#ports(interruption))
  }

  #ports(interruption: Interruption): Ports {
    const segment = onlySegment(this.migration)
    const objects = ['put', 'create'] as const
    return {
      ...{ migrations: [this.migration], segment, source: this.source, clock: this.clock, concurrency: 1 },
      staging: interruption.of(this.staging, ...objects),
      archive: interruption.of(this.archive, ...objects),
      evidence: interruption.of(this.evidence, ...objects),
      log: interruption.of(this.log, 'append'),
      checkpoints: interruption.of(this.checkpoints, 'claim', 'save', 'sendBack'),
      runs: interruption.of(this.runs, 'takeLock', 'joinLock', 'releaseLock', 'saveManifest', 'updateStage'),
      gates: interruption.of(this.gates, 'createGate', 'updateGate', 'saveCapability'),
      notifier: interruption.of(this.notifier, 'toApprover', 'toOperators'),
      executions: interruption.of(this.executions, 'answer'),
      target: interruption.of(this.target, 'write'),
      calendars: this.calendars,
      batchFunctions: [],
      limits: { unreserved: async () => 1_000, reserved: async () => undefined },
      sourceOf: () => this.source,
      targetOf: () => this.target,
      approvers: { steward: ['steward@example.com'] },
      approvalUrl: 'https://gates.example.com',
      randomness: { bytes: (count: number) => new Uint8Array(randomBytes(count)) },
      fingerprint: () => this.fingerprint,
      artifact: async () => Buffer.from(this.fingerprint),
      hasher: { prepare: async () => (text: string) => `hash of ${text}` },
      metrics: { count: () => {} },
      deadline: deadlineAfter(),
      settleDelay: 1,
      memoryMiB: { extract: 1769, transform: 1769, load: 1769, reconcile: 1769 },
    }
  }
}

function onlySegment({ segments: [segment] }: Migration): Segment {
  if (segment === undefined) throw new Error('no segment')
  return segment
}
