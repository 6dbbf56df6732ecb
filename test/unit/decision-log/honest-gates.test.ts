import { expect, test } from 'vitest'
import type { Decision } from '../../../lambdas/shared/contract/stages.ts'
import type { MigrationOptions } from '../../../lambdas/shared/domain/definition/migration.ts'
import { foundAt } from '../../support/gate-audit.ts'
import { GateWorld, hour } from '../../support/gate-world.ts'

const people = { steward: ['s@example.com'], qa: ['q@example.com'], owner: ['o@example.com'] }
const laterEvidence = { endedAt: '2026-01-01T00:00:30.000Z' }
const failing = { batches: { total: 2, done: 1, failed: 1, unfinished: 0 } }

/** A gate and its people, without anybody who tampers. */
class Course {
  readonly world: GateWorld
  gate = ''
  #runs = 1

  constructor(policy: Partial<MigrationOptions['gate']> = {}) {
    this.world = new GateWorld({ quorum: { steward: 1, qa: 1 }, override: 'owner', ...policy })
    this.world.approvers = people
  }

  async measure(changes: Parameters<GateWorld['judge']>[0] = {}): Promise<void> {
    this.gate = (await this.world.judge(changes)).gate
  }

  async enter(): Promise<void> {
    await this.world.enter(this.gate)
  }

  async decide(who: 's' | 'q' | 'o', decision: Decision): Promise<void> {
    const { evidence } = await this.world.theGate(this.gate)
    const link = this.world.link(1, `${who}@example.com`)
    await this.world.decide(link, { decision, reason: 'as it should be', evidence })
  }

  newRun(): void {
    this.world.begin(`run-${(this.#runs += 1)}`)
  }

  /** The log is out of reach for the time being; or only its answer, when it has appended. */
  async withoutLog(act: () => Promise<unknown>, appends = false): Promise<void> {
    const append = this.world.log.append.bind(this.world.log)
    this.world.log.append = async (chain, draft) => {
      if (appends) await append(chain, draft)
      throw new Error('away')
    }
    await act().catch(() => undefined)
    this.world.log.append = append
  }
}

type Step = (course: Course) => Promise<unknown> | void

const open: Step[] = [(course) => course.measure(), (course) => course.enter()]
const by =
  (who: 's' | 'q' | 'o', decision: Decision): Step =>
  (course) =>
    course.decide(who, decision)
const act: Step = (course) => course.world.act(course.gate)
const enter: Step = (course) => course.enter()
const newRun: Step = (course) => course.newRun()
const measured =
  (changes: Parameters<GateWorld['judge']>[0]): Step =>
  (course) =>
    course.measure(changes)
const daysGoBy: Step = (course) => void (course.world.clock.time += 100 * hour)

const courses: [name: string, steps: Step[], policy?: Partial<MigrationOptions['gate']>][] = [
  ['approved, and act has not run', [...open, by('s', 'approve'), by('q', 'approve')]],
  ['approved and passed', [...open, by('s', 'approve'), by('q', 'approve'), act]],
  ['overridden', [...open, measured(failing), enter, by('o', 'override'), act]],
  ['a withdrawal', [...open, by('s', 'approve'), by('s', 'withdraw'), enter, by('s', 'approve')]],
  ['a repair, and measured again', [...open, by('s', 'repair'), act, newRun, measured(laterEvidence), enter]],
  [
    'a hold, opened anew and passed',
    [...open, by('s', 'hold'), act, newRun, enter, by('s', 'approve'), by('q', 'approve'), act],
  ],
  ['held twice', [...open, by('s', 'hold'), act, newRun, enter, by('q', 'hold'), act, newRun, enter]],
  ['rolled back', [...open, by('o', 'rollback'), act]],
  [
    'evidence that changes while the gate is open, also back to what it was',
    [...open, by('s', 'approve'), measured(failing), enter, measured({}), enter, by('s', 'approve')],
  ],
  [
    'evidence that changes after the gate was approved',
    [...open, by('s', 'approve'), by('q', 'approve'), measured(failing)],
  ],
  ['an expiry that is recorded late', [...open, daysGoBy, enter, act, newRun, enter]],
  ['an expiry to repair', [...open, daysGoBy, enter, act], { onExpiry: 'repair' }],
  ['an expiry to rollback', [...open, daysGoBy, enter, act], { onExpiry: 'rollback' }],
  [
    'an expiry that only newer evidence records',
    [...open, by('s', 'approve'), daysGoBy, measured(laterEvidence), enter],
  ],
  ['a redrive', [...open, by('s', 'approve'), enter, by('q', 'approve'), enter, act, act]],
  [
    'an escalation',
    [...open, daysGoBy, enter],
    { escalation: { after: '1 hours', to: 'owner' }, expiresAfter: '9 days' },
  ],
  [
    'a crash between the record of a decision and the log',
    [
      ...open,
      by('s', 'approve'),
      (course) => course.withoutLog(() => course.decide('q', 'approve')),
      (course) => course.withoutLog(() => course.world.act(course.gate)),
      (course) => course.withoutLog(() => course.world.act(course.gate), true),
      (course) => course.withoutLog(() => course.world.act(course.gate), true),
      act,
    ],
  ],
  [
    'a crash before the log has what opened the gate, and another run',
    [
      ...open,
      by('s', 'hold'),
      act,
      newRun,
      (course) => course.withoutLog(() => course.enter()),
      enter,
      (course) => course.withoutLog(() => course.measure(failing)),
      measured(failing),
    ],
  ],
]

test.each(courses)('%s: log, gate and stage agree at each step', async (_name, steps, policy) => {
  const course = new Course(policy)
  for (const [n, step] of steps.entries()) {
    await step(course)
    expect(await foundAt(course.world, course.gate), `after step ${n + 1}`).toEqual([])
  }
})
