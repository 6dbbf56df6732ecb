import { expect } from 'vitest'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import type { Decision, GateStatus } from '../../../lambdas/shared/contract/stages.ts'
import { answerOf } from '../../../lambdas/shared/domain/gate-rules/enter-gate.ts'
import type { Gate } from '../../../lambdas/shared/domain/gate.ts'
import type { StageRecord } from '../../../lambdas/shared/domain/stage-record.ts'
import { foundAt } from '../gate-audit.ts'
import { GateWorld, hour } from '../gate-world.ts'
import { checkCalledIn, checkDecided, checkLeft, isAfterGate, stageAfter } from './checks.ts'
import { cameTo, isAgreed } from './oracle.ts'
import { approversNow, people, policyOf, type Person, type Rules } from './people.ts'
import { allTold, toldOfOpening } from './told.ts'

interface Post {
  readonly link: string
  readonly form: Record<string, string>
}

/** What befalls the process that records a decision. */
export type Mishap = 'none' | 'dies before it rings' | 'cannot log'

/** How a run goes whose stage is to be run. */
export interface Running {
  readonly verdict?: 'pass' | 'fail'
  /** What happens while the stage is at work. */
  readonly meanwhile?: (() => Promise<void>) | undefined
  /** Where it is cut off, if it is. */
  readonly ends?: 'at work' | 'as it judges' | undefined
}

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
  /** `put`: its newest evidence is before the gate, and its record does not say so yet. */
  #stage: 'at work' | 'put' | 'judged' = 'at work'
  #verdict: 'pass' | 'fail' = 'pass'
  /** Since the state was last entered, a process has died that might have rung. */
  #mayBeSilent = false
  /** Who started a run that measured evidence, or waited, in this opening. */
  #starters = new Set<string>()
  #measuredBy = ''
  /** Gates that came to `approved` rightly: opening and evidence. */
  readonly #agreed = new Set<string>()

  readonly #rules: Rules

  constructor(rules: Rules) {
    this.#rules = rules
    this.world = new GateWorld(policyOf(rules))
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
  async measure(verdict: 'pass' | 'fail', isCutOff = false): Promise<void> {
    const endedAt = new Date(Date.UTC(2026, 0, 1) + 1000 * (this.#measurings += 1)).toISOString()
    const failed = verdict === 'fail' ? 1 : 0
    const batches = { total: 2, done: 2 - failed, failed, unfinished: 0 }
    const opening = this.gate === '' ? undefined : (await this.there()).opening
    this.#isWaiting = false
    this.#verdict = verdict
    this.#stage = 'put'
    const measuring = () => this.world.judge({ endedAt, batches })
    if (isCutOff) await this.world.withoutLog(() => measuring().catch(isAway))
    else this.gate = (await measuring()).gate
    if ((await this.record()).status === 'judged') this.#stage = 'judged'
    this.#measuredBy = this.world.run.startedBy
    if ((await this.there()).opening !== opening) this.#starters.clear()
    this.#starters.add(this.#measuredBy)
    await this.check()
  }

  /** `keepsOld`: a redrive, after which the token before is not known to be void. */
  async enter(keepsOld = false): Promise<void> {
    if (!keepsOld) this.world.executions.waiting.delete(this.#token)
    const { opening, escalatedAt } = await this.there()
    const mails = this.world.notifier.approverMails.length
    this.#token = await this.world.enter(this.gate)
    const now = await this.there()
    if (now.escalatedAt !== undefined && now.escalatedAt !== escalatedAt)
      checkCalledIn(mails, this.#rules.standIn, this.world)
    if (now.opening !== opening) this.#starters = new Set([this.#measuredBy])
    if (now.status === 'open') this.#starters.add(this.world.run.startedBy)
    this.#isWaiting = true
    this.#mayBeSilent = false
    await this.check()
  }

  /** The execution is started again, and does what begin-stage has it do. */
  async newRun(startedBy: string, { verdict = 'pass', meanwhile, ends }: Running = {}): Promise<void> {
    if (await this.#isOver()) return
    this.world.executions.waiting.delete(this.#token)
    this.world.begin(`run-${(this.#runs += 1)}`, startedBy)
    this.#isWaiting = false
    const wanted = await this.#wanted()
    expect((await this.world.beginStage()).action).toBe(wanted)
    if (wanted === 'run') {
      this.#stage = 'at work'
      await meanwhile?.()
      if (ends === 'at work') return
      await this.measure(verdict, ends === 'as it judges')
      if (ends === 'as it judges') return
    }
    await this.enter()
  }

  /** What was decided on what the stage is now is not forgotten, and a rollback never is. */
  async #wanted(): Promise<'gate' | 'run'> {
    if (await this.#isDecided()) return 'gate'
    const isUndecided = this.#stage === 'judged' && (await this.#cameTo()) !== 'repair'
    return isUndecided && this.#verdict === 'pass' ? 'gate' : 'run'
  }

  async #isDecided(): Promise<boolean> {
    const came = await this.#cameTo()
    return came === 'rollback' || (this.#stage !== 'at work' && ['approved', 'overridden'].includes(came))
  }

  async #isOver(): Promise<boolean> {
    return ['passed', 'overridden', 'rollback'].includes((await this.record()).status)
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
    const { executions } = this.world
    if (mishap === 'dies before it rings') {
      executions.beforeAnswer = () => {
        throw new Error('dead')
      }
    }
    const posting = () => this.world.decide(post.link, post.form)
    try {
      await (mishap === 'cannot log' ? this.world.withoutLog(posting) : posting())
    } catch (error) {
      if (!(error instanceof LockgateError)) throw error
    } finally {
      executions.beforeAnswer = () => undefined
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
    if (!this.#isWaiting && !(await this.#isOver()) && (await this.#isDecided()))
      await this.newRun('operator@example.com')
    if (!this.#isWaiting) return
    await this.enter()
    const { status } = await this.there()
    expect(this.world.executions.waiting.has(this.#token)).toBe(status === 'open')
    if (status !== 'open') await this.goOn(false)
    if (status !== 'open') expect((await this.record()).status).toBe(stageAfter[status])
  }

  async check(): Promise<void> {
    const gate = await this.there()
    const isExpired = gate.status === 'open' && gate.expiresAt <= this.world.clock.now()
    if (!isExpired) expect(gate.status).toBe(await this.#cameTo())
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
    checkDecided(before, after, this.world)
    const events = toldOfOpening(this.world, after)
    if (before.status === 'open' && after.status === 'approved') {
      const { evidence, opening, verdict } = after
      expect(isAgreed({ rules: this.#rules, events, evidence, starters: this.#starters, isIn })).toBe(true)
      expect(verdict).toBe('pass')
      this.#agreed.add(`${opening} ${evidence}`)
    }
    if (before.status === 'open' && after.status === 'overridden') {
      const by = { actor: 'owner@example.com', role: 'owner' }
      expect(events.at(-1)).toMatchObject({ kind: 'overridden', ...by })
      expect(this.#starters.has('owner@example.com')).toBe(false)
    }
  }

  /** A stage leaves its gate. */
  async #goesOn(record: StageRecord): Promise<void> {
    const gate = await this.there()
    checkLeft(gate, record, this.world)
    if (record.status === 'passed') expect(this.#agreed.has(`${gate.opening} ${gate.evidence}`)).toBe(true)
  }

  async #cameTo(): Promise<GateStatus> {
    return cameTo(allTold(this.world, await this.there()), this.#rules, this.world.clock.now())
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

const isAway = (error: unknown) => {
  if (!(error instanceof Error) || error.message !== 'away') throw error
}
