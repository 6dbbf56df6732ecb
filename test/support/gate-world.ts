import { randomBytes } from 'node:crypto'
import { act } from '../../lambdas/act/act.ts'
import { beginStage } from '../../lambdas/begin-stage/begin-stage.ts'
import { awaitDecision } from '../../lambdas/await-decision/await-decision.ts'
import { decideGate, type Decided } from '../../lambdas/decide-gate/decide-gate.ts'
import { judge } from '../../lambdas/judge/judge.ts'
import { showGate } from '../../lambdas/show-gate/show-gate.ts'
import type { BeginStageResult, Judgement, Run } from '../../lambdas/shared/contract/payloads.ts'
import {
  defineMigration,
  type Migration,
  type MigrationOptions,
} from '../../lambdas/shared/domain/definition/migration.ts'
import { pilot } from '../../lambdas/shared/domain/definition/stage.ts'
import type { Segment } from '../../lambdas/shared/domain/definition/segment.ts'
import type { StageSummary } from '../../lambdas/shared/domain/evidence.ts'
import type { Gate } from '../../lambdas/shared/domain/gate.ts'
import type { ManifestHeader } from '../../lambdas/shared/domain/manifest.ts'
import type { PageResponse } from '../../lambdas/shared/domain/page/page-response.ts'
import { listingDigest, type ListedObject } from '../../lambdas/shared/domain/source-change.ts'
import type { OpenedLink } from '../../lambdas/shared/ports/gate-link.ts'
import { FakeCalendars } from './fake-calendars.ts'
import { FakeCheckpointStore } from './fake-checkpoint-store.ts'
import { FakeClock } from './fake-clock.ts'
import { FakeDecisionLog } from './fake-decision-log.ts'
import { FakeExecutions } from './fake-executions.ts'
import { FakeGateStore } from './fake-gate-store.ts'
import { FakeNotifier } from './fake-notifier.ts'
import { FakeObjectStore } from './fake-object-store.ts'
import { FakeRunStore } from './fake-run-store.ts'
import { fingerprint, manifest, pilotSummary, runNamed } from './stage-summaries.ts'

const cities: Segment = {
  name: 'cities',
  owner: 'geo',
  dependsOn: [],
  source: {} as Segment['source'],
  target: {} as Segment['target'],
  references: undefined,
  filter: {},
  map: {},
  criteria: {},
  stages: [pilot({ share: 0.1 })],
  slicing: {},
}

/** What the stage was planned on: nothing at all, so that its source never changes. */
const frozen: ManifestHeader = {
  ...{ id: manifest, segment: 'cities', source: listingDigest([]), fingerprint },
  ...{ batches: 2, records: 1000, bytes: 123_456, chunkRecords: 1000, partitions: 1 },
}

export const hour = 3_600_000

/** Everything between a measured stage and what became of it, with fakes, and the people on either side. */
export class GateWorld {
  readonly clock = new FakeClock()
  readonly runs = new FakeRunStore()
  readonly gates = new FakeGateStore()
  readonly archive = new FakeObjectStore('archive')
  readonly evidence = new FakeObjectStore('evidence')
  readonly log = new FakeDecisionLog()
  readonly notifier = new FakeNotifier()
  readonly executions = new FakeExecutions()
  readonly calendars = new FakeCalendars()
  readonly checkpoints = new FakeCheckpointStore()
  readonly source = { find: async (): Promise<ListedObject[]> => [] }
  /** What links were opened, by address and way. */
  readonly looks: string[] = []
  readonly record = {
    opened: async ({ capability }: OpenedLink, view: string) =>
      void this.looks.push(`${capability.address} ${view}`),
  }
  readonly randomness = { bytes: (count: number) => new Uint8Array(randomBytes(count)) }
  approvers: Record<string, string[]> = { steward: ['steward@example.com'] }
  readonly approvalUrl = 'https://gates.example.com'
  readonly migrations: readonly Migration[]
  run: Run = runNamed('run-1')
  private tokens = 0

  constructor(
    gate: MigrationOptions['gate'] = { quorum: { steward: 1 } },
    more: Partial<MigrationOptions> = {},
  ) {
    this.migrations = [defineMigration({ name: 'places', segments: [cities], gate, ...more })]
    this.runs.manifests.set('places/cities', { token: 1, content: frozen })
    this.begin('run-1')
  }

  /** Another run takes the lock. */
  begin(id: string, startedBy = 'operator@example.com'): void {
    const token = (this.runs.locks.get('places')?.token ?? 0) + 1
    this.run = { ...runNamed(id, token), startedBy }
    this.runs.locks.set('places', { migration: 'places', token, holders: [this.run.executionArn] })
  }

  private get ref() {
    return { run: this.run, segment: 'cities', stage: 'pilot' }
  }

  /** What the run does with the stage. */
  beginStage(): Promise<BeginStageResult> {
    return beginStage(this.ref, this)
  }

  async judge(changes: Partial<StageSummary> = {}): Promise<Judgement> {
    const summary = pilotSummary({ run: this.run.id, ...changes })
    const summaryKey = `summaries/${this.run.id}.json`
    await this.archive.put(summaryKey, Buffer.from(JSON.stringify(summary)))
    return judge({ ...this.ref, summaryKey }, this)
  }

  /** The state is entered: a new task token, and a call of the function. */
  async enter(gate: string): Promise<string> {
    const taskToken = `token-${(this.tokens += 1)}`
    this.executions.waiting.add(taskToken)
    await awaitDecision({ ...this.ref, gate, taskToken }, this)
    return taskToken
  }

  /** The state's time-out: its token is void, and the state is entered again. */
  async enterAgain(gate: string, oldToken: string): Promise<string> {
    this.executions.waiting.delete(oldToken)
    return this.enter(gate)
  }

  act(gate: string): ReturnType<typeof act> {
    return act({ ...this.ref, gate }, this)
  }

  /** The capability in the newest mail, or in the one before it. */
  link(fromEnd = 1, address = 'steward@example.com'): string {
    const mails = this.notifier.approverMails.filter((mail) => mail.address === address)
    const found = /^https:\/\/gates\.example\.com\/gates\/(\S+)$/m.exec(mails.at(-fromEnd)?.text ?? '')?.[1]
    if (found === undefined) throw new Error('no mail has a link')
    return found
  }

  async show(capability: string, method = 'GET', headers = {}): Promise<PageResponse> {
    return (await showGate({ capability, method, headers }, this)).response
  }

  async decide(
    capability: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Decided> {
    const body = Buffer.from(new URLSearchParams(form).toString())
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return decideGate({ capability, headers: { ...type, ...headers }, body }, this)
  }

  /** While nothing can be appended to the decision log. */
  async withoutLog<T>(work: () => Promise<T>): Promise<T> {
    const append = this.log.append.bind(this.log)
    this.log.append = () => Promise.reject(new Error('away'))
    try {
      return await work()
    } finally {
      this.log.append = append
    }
  }

  async theGate(id: string): Promise<Gate> {
    const gate = await this.gates.gate(id)
    if (!gate) throw new Error(`no gate ${id}`)
    return gate
  }
}
