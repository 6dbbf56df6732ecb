import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decisions, type Decision } from '../../../lambdas/shared/contract/stages.ts'
import { GateCourse, type Mishap } from '../../support/gate-course/gate-course.ts'
import { everybody, rules, type Person } from '../../support/gate-course/people.ts'

/** The state is in the course, which checks itself at each move: the model of fast-check has nothing to keep. */
type Move = fc.AsyncCommand<object, GateCourse>

const move = (text: string, play: (course: GateCourse) => Promise<void>): Move => ({
  check: () => true,
  run: async (_, course) => play(course),
  toString: () => text,
})

const person = fc.constantFrom(...everybody)
/** Approvals come often, so that quorums are reached. */
const decision = fc.oneof(
  { weight: 24, arbitrary: fc.constant<Decision>('approve') },
  { weight: 4, arbitrary: fc.constant<Decision>('withdraw') },
  { weight: 1, arbitrary: fc.constant<Decision>('override') },
  { weight: 1, arbitrary: fc.constantFrom<Decision>(...decisions) },
)
const mishap = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Mishap>('none') },
  { weight: 2, arbitrary: fc.constantFrom<Mishap>('dies before it rings', 'cannot log', 'cannot log') },
)
const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 0)
const starter = fc.constantFrom<Person>('operator@example.com', 'owner@example.com', 'ada@example.com')

const verdict = fc.constantFrom<'pass' | 'fail'>('pass', 'pass', 'pass', 'fail')
const closing = fc.constantFrom<readonly [Person, Decision]>(
  ['owner@example.com', 'override'],
  ['bob@example.com', 'approve'],
  ['dan@example.com', 'repair'],
  ['cleo@example.com', 'rollback'],
  ['cleo@example.com', 'hold'],
)

const moves: fc.Arbitrary<Move>[] = [
  ...Array<fc.Arbitrary<Move>>(14).fill(
    fc
      .tuple(person, decision, fc.nat(3), rarely, mishap)
      .map(([who, what, age, isStale, befalls]) =>
        move(`${who}: ${what}, link ${age}${isStale ? ', stale' : ''}, ${befalls}`, (course) =>
          course.decide(who, what, age, isStale, befalls),
        ),
      ),
  ),
  fc
    .constantFrom<readonly [Person, Decision]>(
      ['owner@example.com', 'override'],
      ['owner@example.com', 'override'],
      ['dan@example.com', 'repair'],
      ['ada@example.com', 'repair'],
      ['cleo@example.com', 'rollback'],
    )
    .map(([who, what]) => move(`${who}: ${what}`, (course) => course.decide(who, what, 0, false, 'none'))),
  person.map((who) =>
    move(`${who} approves, and leaves the role`, async (course) => {
      await course.decide(who, 'approve', 0, false, 'none')
      course.move(who, false)
    }),
  ),
  fc.tuple(person, starter).map(([who, again]) =>
    move(`${who} holds, and ${again} starts again`, async (course) => {
      await course.decide(who, 'hold', 0, false, 'none')
      await course.goOn(false)
      await course.newRun(again)
    }),
  ),
  fc.nat(30).map((at) =>
    move(`request ${at} arrives again`, async (course) => {
      const post = course.posts[at % Math.max(1, course.posts.length)]
      if (post) await course.post(post)
    }),
  ),
  fc
    .tuple(person, decision, person, decision)
    .map(([one, first, two, second]) =>
      move(`${one}: ${first}, and at once ${two}: ${second}`, (course) =>
        course.race([one, first], [two, second]),
      ),
    ),
  fc.constant(move('the state is entered again', (course) => course.enter())),
  fc.constant(move('redriven: two tokens for one gate', (course) => course.enter(true))),
  fc.constantFrom(1, 25, 49, 73).map((hours) =>
    move(`${hours} hours go by`, async (course) => {
      course.wait(hours)
    }),
  ),
  fc.constantFrom(25, 49, 73).map((hours) =>
    move(`${hours} hours go by, and the state is entered`, async (course) => {
      course.wait(hours)
      await course.enter()
    }),
  ),
  verdict.map((found) =>
    move(`measured again: ${found}`, async (course) => {
      await course.measure(found)
      await course.enter()
    }),
  ),
  starter.map((who) => move(`${who} starts a run`, (course) => course.newRun(who))),
  fc.tuple(closing, fc.constantFrom(0, 1, 73), starter).map(([[who, what], hours, again]) =>
    move(
      `measured: fail, ${who}: ${what}, and after ${hours} hours ${again} starts a run`,
      async (course) => {
        await course.measure('fail')
        await course.enter()
        await course.decide(who, what, 0, false, 'cannot log')
        course.wait(hours)
        await course.newRun(again)
      },
    ),
  ),
  fc
    .tuple(closing, fc.boolean(), fc.constantFrom('at work', 'as it judges', undefined), verdict, starter)
    .map(([[who, what], isLate, ends, found, again]) =>
      move(
        `measured: fail; a run measures: ${found}, and ends ${ends ?? 'at its gate'}; ${who}: ${what}, ` +
          `${isLate ? 'after that' : 'while it is at work'}; ${again} starts a run`,
        async (course) => {
          const deciding = () => course.decide(who, what, 0, false, 'none')
          await course.measure('fail')
          await course.enter()
          const meanwhile = isLate ? undefined : deciding
          await course.newRun('operator@example.com', { verdict: found, ends, meanwhile })
          if (isLate) await deciding()
          await course.newRun(again)
        },
      ),
    ),
  fc.tuple(starter, starter).map(([again, who]) =>
    move(`measured: fail, measured again by a run of ${again}, and ${who} approves`, async (course) => {
      await course.measure('fail')
      await course.enter()
      await course.newRun(again)
      await course.decide(who, 'approve', 0, false, 'none')
    }),
  ),
  fc.tuple(person, fc.boolean()).map(([who, isIn]) =>
    move(`${who} is ${isIn ? 'put into' : 'taken from'} the role`, async (course) => {
      course.move(who, isIn)
    }),
  ),
  ...Array<fc.Arbitrary<Move>>(5).fill(
    fc.constant(move('the execution goes on', (course) => course.goOn(false))),
  ),
  fc.constant(move('a rogue execution goes on', (course) => course.goOn(true))),
]

test('no stage proceeds without a full, current quorum of distinct people, nobody waits for what is decided, and all is logged', async () => {
  const ends = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...rules),
      fc.commands(moves, { maxCommands: 40, size: 'max' }),
      async (under, commands) => {
        const course = new GateCourse(under)
        await course.begin()
        await fc.asyncModelRun(() => ({ model: {}, real: course }), commands)
        await course.end()
        const { status } = await course.record()
        ends.set(status, (ends.get(status) ?? 0) + 1)
      },
    ),
    { numRuns: 200, seed: 20_260_101 },
  )
  // The moves reach every end, and often enough the one that matters.
  for (const end of ['passed', 'overridden', 'repair', 'rollback', 'held', 'judged'])
    expect(ends.get(end) ?? 0, end).toBeGreaterThan(1)
  expect(ends.get('passed')).toBeGreaterThan(15)
})
