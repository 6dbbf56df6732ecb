import { expect } from 'vitest'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import type { Decision, GateStatus } from '../../../lambdas/shared/contract/stages.ts'
import { answerOf } from '../../../lambdas/shared/domain/gate-rules/enter-gate.ts'
import type { Gate } from '../../../lambdas/shared/domain/gate.ts'
import type { StageRecord } from '../../../lambdas/shared/domain/stage-record.ts'
import { foundAt } from '../gate-audit.ts'
import { GateWorld, hour } from '../gate-world.ts'
import { isAgreed } from './oracle.ts'
import { approversNow, people, policyOf, type Person, type Places } from './people.ts'

interface Post {
  readonly link: string
  readonly form: Record<string, string>
}

const isAfterGate = (status: StageRecord['status']) => status !== 'running' && status !== 'judged'
/** What befalls the process that records a decision. */
export type Mishap = 'none' | 'dies before it rings' | 'cannot log'

/** One gate over several runs, whose every move is held against what must never happen. */
export class GateCourse {
  readonly world: GateWorld
  readonly posts: Post[] = []
  gate = ''
  #token = ''
  #runs = 1
  #measurings = 0
  /** Whether the execution waits at the gate, or has ended. */
  #isWaiting = false
  /** Since the state was last entered, a process has died that might have rung. */
  #mayBeSilent = false
  #starters = new Set<string>()
  #measuredBy = ''
  /** Gates that came to `approved` rightly: opening and evidence. */
  readonly #agreed = new Set<string>()

  readonly #places: Places

  constructor(places: Places) {
    this.#places = places
    this.world = new GateWorld(policyOf(places))
    this.world.approvers = approversNow()
    const { runs } = this.world
    const update = runs.updateStage.bind(runs)
    runs.updateStage = async (at, token, change) => {
      const before = await runs.stage(at.migration, at.segment, at.stage)
      const after = await update(at, token, change)
      if (after && isAfterGate(after.status) && after.status !== before?.status) await this.#goesOn(after)
      return after
    }
  }

  async begin(): Promise<void> {
    await this.measure('pass')
    await this.enter()
  }

  /** The stage is measured, by the run that is under way; its state at the gate comes next. */
  async measure(verdict: 'pass' | 'fail'): Promise<void> {
    const endedAt = new Date(Date.UTC(2026, 0, 1) + 1000 * (this.#measurings += 1)).toISOString()
    const failed = verdict === 'fail' ? 1 : 0
    const batches = { total: 2, done: 2 - failed, failed, unfinished: 0 }
    this.gate = (await this.world.judge({ endedAt, batches })).gate
    this.#measuredBy = this.world.run.startedBy
    this.#starters = new Set([this.#measuredBy])
    await this.check()
  }

  /** `keepsOld`: a redrive, after which the token before is not known to be void. */
  async enter(keepsOld = false): Promise<void> {
    if (!keepsOld) this.world.executions.waiting.delete(this.#token)
    const { opening } = await this.there()
    this.#token = await this.world.enter(this.gate)
    const now = await this.there()
    if (now.opening !== opening) this.#starters = new Set([this.#measuredBy])
    if (now.status === 'open') this.#starters.add(this.world.run.startedBy)
    this.#isWaiting = true
    this.#mayBeSilent = false
    await this.check()
  }

  /** The execution is started again, and does what begin-stage would have it do. */
  async newRun(startedBy: string): Promise<void> {
    const record = await this.record()
    if (['passed', 'overridden', 'rollback'].includes(record.status)) return
    this.world.executions.waiting.delete(this.#token)
    this.world.begin(`run-${(this.#runs += 1)}`, startedBy)
    const goesBack = ['judged', 'held'].includes(record.status) && record.verdict === 'pass'
    if (!goesBack) await this.measure('pass')
    await this.enter()
  }

  /** Posts a form by one of the links of a person, the newest or an older one. */
  async decide(
    person: Person,
    decision: Decision,
    age: number,
    isStale: boolean,
    mishap: Mishap,
  ): Promise<void> {
    const links = this.#linksOf(person)
    const link = links.at(-1 - (age % Math.max(1, links.length)))
    if (link === undefined) return
    const { evidence } = await this.there()
    const form = { decision, reason: 'as it should be', evidence: isStale ? 'e'.repeat(64) : evidence }
    await this.post({ link, form }, mishap)
  }

  async post(post: Post, mishap: Mishap = 'none'): Promise<void> {
    this.posts.push(post)
    const before = await this.there()
    const { executions, log } = this.world
    const append = log.append.bind(log)
    if (mishap === 'dies before it rings') {
      executions.beforeAnswer = () => {
        throw new Error('dead')
      }
    }
    if (mishap === 'cannot log') log.append = () => Promise.reject(new Error('away'))
    try {
      await this.world.decide(post.link, post.form)
    } catch (error) {
      if (!(error instanceof LockgateError)) throw error
    } finally {
      executions.beforeAnswer = () => undefined
      log.append = append
    }
    if (mishap === 'dies before it rings') this.#mayBeSilent = true
    await this.#recorded(before)
    await this.check()
  }

  /** Two requests in the same moment. */
  async race(one: readonly [Person, Decision], other: readonly [Person, Decision]): Promise<void> {
    const before = await this.there()
    const posts = [one, other].flatMap(([person, decision]) => {
      const link = this.#linksOf(person).at(-1)
      const form = { decision, reason: 'as it should be', evidence: before.evidence }
      return link === undefined ? [] : [{ link, form }]
    })
    this.posts.push(...posts)
    const done = await Promise.allSettled(posts.map(({ link, form }) => this.world.decide(link, form)))
    for (const result of done)
      if (result.status === 'rejected' && !(result.reason instanceof LockgateError)) throw result.reason
    await this.#recorded(before)
    await this.check()
  }

  wait(hours: number): void {
    this.world.clock.time += hours * hour
  }

  move(person: Person, isIn: boolean): void {
    const role = people[person]
    const others = (this.world.approvers[role] ?? []).filter((address) => address !== person)
    const left = isIn ? [...others, person] : others
    // A role without anybody is another story: the run refuses to ask.
    if (left.length > 0) this.world.approvers[role] = left
  }

  /** The state after the gate, where the execution has come so far; a rogue one comes there whenever it likes. */
  async goOn(isRogue: boolean): Promise<void> {
    const isAnswered = this.#isWaiting && !this.world.executions.waiting.has(this.#token)
    if (!isAnswered && !isRogue) return
    try {
      await this.world.act(this.gate)
      if (isAnswered) this.#isWaiting = false
    } catch (error) {
      if (!(error instanceof LockgateError)) throw error
      // An answer that came before the evidence changed: redriven, the state is entered again.
      if (isAnswered) await this.enter()
    }
    await this.check()
  }

  async end(): Promise<void> {
    if (!this.#isWaiting) return
    await this.enter()
    const { status } = await this.there()
    expect(this.world.executions.waiting.has(this.#token)).toBe(status === 'open')
    if (status !== 'open') await this.goOn(false)
    if (status !== 'open') expect((await this.record()).status).toBe(stageAfter[status])
  }

  async check(): Promise<void> {
    const gate = await this.there()
    // Nobody has touched anything: whatever happened, log, gate and stage tell the same story.
    expect(await foundAt(this.world, gate.id)).toEqual([])
    if (gate.status === 'open') return
    // Whatever was decided, nobody is left waiting for it.
    if (this.#isWaiting && !this.#mayBeSilent)
      expect(this.world.executions.waiting.has(this.#token)).toBe(false)
    const answer = this.world.executions.answers.findLast(({ taskToken }) => taskToken === this.#token)
    if (answer) expect(answer.answer.decision).toBe(answerOf(gate))
  }

  async #recorded(before: Gate): Promise<void> {
    const isIn = (person: string, role: string) => this.world.approvers[role]?.includes(person) === true
    const after = await this.there()
    const news = after.decisions.slice(before.decisions.length)
    if (news.length > 0)
      expect([before.status, before.expiresAt > this.world.clock.now()]).toEqual(['open', true])
    for (const { evidence, opening } of news)
      expect([evidence, opening]).toEqual([before.evidence, before.opening])
    for (const { address, role } of news) expect(isIn(address, role)).toBe(true)
    this.#oncePerLink(after)
    if (before.status === 'open' && after.status === 'approved') {
      const { events } = await this.#told(after)
      expect(
        isAgreed({ places: this.#places, events, evidence: after.evidence, starters: this.#starters, isIn }),
      ).toBe(true)
      expect(after.verdict).toBe('pass')
      this.#agreed.add(`${after.opening} ${after.evidence}`)
    }
    if (before.status === 'open' && after.status === 'overridden') {
      const last = (await this.#told(after)).events.at(-1)
      expect(last).toMatchObject({ kind: 'overridden', actor: 'owner@example.com', role: 'owner' })
      expect(this.#starters.has('owner@example.com')).toBe(false)
    }
  }

  /** A link decides once, and withdraws once; whatever arrives again changes nothing. */
  #oncePerLink({ decisions, opening }: Gate): void {
    const uses = decisions
      .filter((one) => one.opening === opening && one.link !== undefined)
      .map(({ link, decision }) => `${link} ${decision === 'withdraw' ? 'withdraws' : 'decides'}`)
    expect(new Set(uses).size).toBe(uses.length)
  }

  /** A stage leaves its gate: all that happened there is in the log, and it is what the gate came to. */
  async #goesOn(record: StageRecord): Promise<void> {
    const gate = await this.there()
    const logged = this.world.log.events('places')
    expect(gate.outbox).toEqual([])
    expect(logged.map(({ id }) => id)).toHaveLength(gate.drafts)
    expect(new Set(logged.map(({ id }) => id)).size).toBe(gate.drafts)
    expect(record.evidence).toBe(gate.evidence)
    expect(gate.status === 'open' ? 'open' : stageAfter[gate.status]).toBe(record.status)
    if (record.status === 'passed') {
      expect(this.#agreed.has(`${gate.opening} ${gate.evidence}`)).toBe(true)
      expect(logged.at(-1)).toMatchObject({ kind: 'quorum-completed', evidence: record.evidence })
    }
    if (record.status === 'overridden')
      expect(logged.at(-1)).toMatchObject({ kind: 'overridden', evidence: record.evidence })
  }

  /** What was told of this opening, whether it is in the log yet or not. */
  async #told({ id, opening, outbox }: Gate) {
    const logged = this.world.log.events('places')
    const known = new Set(logged.map((event) => event.id))
    const all = [...logged, ...outbox.filter((event) => !known.has(event.id))]
    return { events: all.filter((event) => event.id.startsWith(`${id}#${opening}#`)) }
  }

  async there(): Promise<Gate> {
    return this.world.theGate(this.gate)
  }

  async record(): Promise<StageRecord> {
    const record = await this.world.runs.stage('places', 'cities', 'pilot')
    if (!record) throw new Error('the stage has no record')
    return record
  }

  #linksOf(person: Person): string[] {
    const mails = this.world.notifier.approverMails.filter(({ address }) => address === person)
    return mails.map((_, at) => this.world.link(mails.length - at, person))
  }
}

const stageAfter: Record<Exclude<GateStatus, 'open'>, StageRecord['status']> = {
  approved: 'passed',
  overridden: 'overridden',
  repair: 'repair',
  rollback: 'rollback',
  held: 'held',
}
