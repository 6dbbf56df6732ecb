import { describe, expect, test } from 'vitest'
import type { Decision } from '../../../lambdas/shared/contract/stages.ts'
import type { MigrationOptions } from '../../../lambdas/shared/domain/definition/migration.ts'
import { GateWorld, hour } from '../../support/gate-world.ts'

const policy: MigrationOptions['gate'] = {
  quorum: { steward: 1, qa: 1 },
  override: 'owner',
  escalation: { after: '36 hours', to: 'board' },
}
const steward = 'steward@example.com'
const qa = 'qa@example.com'
const owner = 'owner@example.com'
const board = 'board@example.com'

async function opened(changes: Partial<MigrationOptions['gate']> = {}, startedBy?: string) {
  const world = new GateWorld({ ...policy, ...changes })
  world.approvers = { steward: [steward], qa: [qa], owner: [owner], board: [board] }
  world.begin('run-1', startedBy)
  const { gate, evidence } = await world.judge()
  const token = await world.enter(gate)
  const say = (address: string, decision: Decision, fromEnd = 1) =>
    world.decide(world.link(fromEnd, address), { decision, reason: 'as it should be', evidence })
  const kinds = () => world.log.events('places').map(({ kind }) => kind)
  const mailed = () => world.notifier.approverMails.map(({ address }) => address)
  return { world, gate, evidence, token, say, kinds, mailed }
}

describe('a quorum of two roles', () => {
  test('passes with the second approval, and every step is in the log', async () => {
    const { world, gate, token, say, kinds } = await opened()
    expect((await say(steward, 'approve')).gate?.status).toBe('open')
    expect(world.executions.waiting.has(token)).toBe(true)
    expect((await say(qa, 'approve')).gate?.status).toBe('approved')
    expect(world.executions.answers).toEqual([{ taskToken: token, answer: { gate, decision: 'approve' } }])
    expect(await world.act(gate)).toEqual({ status: 'passed' })
    expect(kinds()).toEqual(['gate-opened', 'asked', 'approved', 'approved', 'quorum-completed'])
    expect(world.log.events('places')[2]).toMatchObject({
      ...{ actor: steward, role: 'steward', reason: 'as it should be', gate },
      ...{ id: `${gate}#1#3`, evidence: (await world.theGate(gate)).evidence },
    })
  })

  test.each([
    ['repair', 'repair', 'sent-back'],
    ['rollback', 'rollback', 'rolled-back'],
    ['hold', 'held', 'held'],
  ] as const)('ends at one %s, by anybody who has a link', async (decision, status, kind) => {
    for (const who of [steward, qa, owner]) {
      const { say, kinds } = await opened()
      expect((await say(who, decision)).gate?.status).toBe(status)
      expect(kinds().at(-1)).toBe(kind)
    }
  })

  test('approves as it stands when it closes: an approval that was withdrawn is none', async () => {
    const { world, gate, say, kinds } = await opened()
    await say(steward, 'approve')
    await say(steward, 'withdraw')
    expect((await say(qa, 'approve')).gate?.status).toBe('open')
    await expect(say(steward, 'approve')).rejects.toMatchObject({ name: 'LinkUsed' })
    await say(qa, 'withdraw')
    await expect(say(owner, 'withdraw')).rejects.toMatchObject({ name: 'NothingToWithdraw' })
    expect(kinds().slice(2)).toEqual(['approved', 'withdrawn', 'approved', 'withdrawn'])

    world.clock.time += hour
    await world.enter(gate)
    expect((await say(steward, 'approve')).gate?.status).toBe('open')
    expect((await say(qa, 'approve')).gate?.status).toBe('approved')
    expect((await say(qa, 'withdraw')).response.status).toBe(409)
  })

  test('does not count who has left the role meanwhile, and lets them decide nothing', async () => {
    const { world, say } = await opened()
    await say(steward, 'approve')
    world.approvers['steward'] = ['new@example.com']
    expect((await say(qa, 'approve')).gate?.status).toBe('open')
    await expect(say(steward, 'withdraw')).rejects.toMatchObject({ name: 'ApproverRemoved' })
  })

  test('lets nobody decide, and asks nobody, while an address has two roles', async () => {
    const { world, gate, say } = await opened()
    world.approvers['qa'] = [qa, ' Steward@Example.com']
    await expect(say(steward, 'approve')).rejects.toMatchObject({ name: 'ApproverInTwoRoles' })
    world.clock.time += 30 * hour
    await expect(world.enter(gate)).rejects.toMatchObject({ name: 'ApproverInTwoRoles' })
  })
})

const wrong = { batches: { total: 2, done: 1, failed: 1, unfinished: 0 } }

describe('four eyes', () => {
  /** Two runs by two people: each has measured evidence that was before this gate. */
  async function measuredByTwo(decision?: Decision) {
    const world = new GateWorld({ quorum: { steward: 1 }, override: 'owner' })
    world.approvers = { steward: [steward, 'bob@example.com', 'ada@example.com'], owner: [owner] }
    world.begin('run-1', steward)
    const first = await world.judge(wrong)
    await world.enter(first.gate)
    if (decision !== undefined) {
      const form = { decision, reason: 'as it should be', evidence: first.evidence }
      await world.decide(world.link(1, 'bob@example.com'), form)
    }
    world.begin('run-2', 'bob@example.com')
    const { gate, evidence } = await world.judge({ endedAt: '2026-01-01T00:00:30.000Z' })
    await world.enter(gate)
    const approve = async (address: string) => {
      const form = { decision: 'approve', reason: 'as it should be', evidence }
      return (await world.decide(world.link(1, address), form)).gate?.status
    }
    return { world, gate, approve }
  }

  test('are not won by having the stage measured again under another name', async () => {
    const { approve } = await measuredByTwo()
    expect(await approve(steward)).toBe('open')
    expect(await approve('bob@example.com')).toBe('open')
    expect(await approve('ada@example.com')).toBe('approved')
  })

  test('begin anew with the opening: who started runs before it is free', async () => {
    const { approve } = await measuredByTwo('hold')
    expect(await approve('bob@example.com')).toBe('open')
    expect(await approve(steward)).toBe('approved')
  })

  test('of an opening after a hold are those of who had its evidence measured, and of who waits', async () => {
    const { world, gate, approve } = await measuredByTwo()
    const { evidence } = await world.theGate(gate)
    await world.decide(world.link(1, owner), { decision: 'hold', reason: 'not today', evidence })
    await world.act(gate)
    world.begin('run-3', 'ada@example.com')
    await world.enter(gate)
    expect((await world.theGate(gate)).starters).toEqual(['bob@example.com', 'ada@example.com'])
    expect(await approve(steward)).toBe('approved')
  })
})

describe('an override', () => {
  test('passes what has not passed, by the role that may, and is called so', async () => {
    const { world, gate, kinds } = await opened()
    const { evidence } = await world.judge(wrong)
    await world.enter(gate)
    const form = { decision: 'override', reason: 'known, and mended on Monday', evidence }
    await expect(world.decide(world.link(1, steward), form)).rejects.toMatchObject({
      name: 'NotYourDecision',
    })
    await world.decide(world.link(1, owner), form)
    expect(await world.act(gate)).toEqual({ status: 'overridden' })
    expect(kinds().at(-1)).toBe('overridden')
  })

  test('is not for who started the run, nor does an approval of theirs help', async () => {
    const { say } = await opened({}, 'Owner@example.com')
    await expect(say(owner, 'override')).rejects.toMatchObject({ name: 'NotYourDecision' })
    await expect(say(owner, 'approve')).rejects.toMatchObject({ name: 'NotYourDecision' })
    const alone = await opened({ fourEyes: false }, owner)
    expect((await alone.say(owner, 'override')).gate?.status).toBe('overridden')
  })
})

describe('asking', () => {
  test('reminds who has not approved, and who may override never again', async () => {
    const { world, gate, say, kinds, mailed } = await opened()
    expect(mailed()).toEqual([steward, qa, owner])
    await say(steward, 'approve')
    world.clock.time += 24 * hour
    await world.enter(gate)
    expect(mailed().slice(3)).toEqual([qa])
    expect(kinds().at(-1)).toBe('reminded')
  })

  test('escalates in time, once, and a stand-in fills the place that is missing', async () => {
    const { world, gate, say, kinds, mailed } = await opened()
    await say(steward, 'approve')
    world.clock.time += 36 * hour
    await world.enter(gate)
    await world.enter(gate)
    expect(kinds().slice(3)).toEqual(['escalated', 'asked', 'reminded'])
    expect(mailed().slice(3)).toEqual([qa, board])
    expect((await say(board, 'approve')).gate?.status).toBe('approved')
  })

  test.each([
    ['the override role', 'owner', owner],
    ['a role of the quorum', 'qa', qa],
  ])(
    'escalates to %s at once, though its people were asked before, and only once',
    async (_, to, address) => {
      const { world, gate, kinds, mailed } = await opened({ escalation: { after: '4 hours', to } })
      world.clock.time += 4 * hour
      await world.enter(gate)
      expect(mailed().slice(3)).toEqual([address])
      expect(kinds().slice(2)).toEqual(['escalated', 'asked'])
      world.clock.time += hour
      await world.enter(gate)
      expect(mailed()).toHaveLength(4)
    },
  )

  test('escalates to nobody who has approved, and tries again where the mails have not gone out', async () => {
    const { world, gate, say, mailed } = await opened({ escalation: { after: '4 hours', to: 'qa' } })
    world.approvers['qa'] = [qa, 'second@example.com']
    await world.enter(gate)
    await say(qa, 'approve')
    world.clock.time += 4 * hour
    world.notifier.beforeMail = () => {
      throw new Error('SNS is away')
    }
    await expect(world.enter(gate)).rejects.toThrow('SNS is away')
    world.notifier.beforeMail = () => undefined
    world.clock.time += 1000
    await world.enter(gate)
    expect(mailed().slice(4)).toEqual(['second@example.com'])
  })

  test('leaves out whose subscription is not confirmed, and asks them as soon as it is', async () => {
    const world = new GateWorld(policy)
    world.approvers = { steward: [steward], qa: [qa], owner: [owner], board: [board] }
    world.notifier.pending.add(qa)
    const { gate } = await world.judge()
    await world.enter(gate)
    expect(world.notifier.approverMails.map(({ address }) => address)).toEqual([steward, owner])
    expect(world.log.events('places').at(-1)?.reason).toContain('not reached: qa@example.com (qa)')
    world.notifier.pending.clear()
    await world.enter(gate)
    expect(world.notifier.approverMails.map(({ address }) => address)).toEqual([steward, owner, qa])
  })

  test('begins anew when the evidence changes: approvals lapse, and everybody is asked', async () => {
    const { world, gate, say, kinds, mailed } = await opened()
    await say(steward, 'approve')
    const { evidence } = await world.judge({ endedAt: '2026-01-01T00:00:30.000Z' })
    await world.enter(gate)
    expect(kinds().slice(3)).toEqual(['evidence-changed', 'asked'])
    expect(world.log.events('places')[3]?.detail).toMatchObject({ lapsed: 1 })
    expect(mailed().slice(3)).toEqual([steward, qa, owner])
    const approve = { decision: 'approve', reason: 'as it should be', evidence }
    expect((await world.decide(world.link(1, qa), approve)).gate?.status).toBe('open')
    // By the link that approved the evidence before nothing more is decided.
    await expect(world.decide(world.link(2, steward), approve)).rejects.toMatchObject({ name: 'LinkUsed' })
    expect((await world.decide(world.link(1, steward), approve)).gate?.status).toBe('approved')
  })
})

describe('an expiry', () => {
  test.each(['repair', 'rollback'] as const)('leads to %s, where the migration says so', async (onExpiry) => {
    const { world, gate, kinds } = await opened({ onExpiry })
    world.clock.time += 72 * hour
    await world.enter(gate)
    expect(world.executions.answers.at(-1)?.answer).toEqual({ gate, decision: onExpiry })
    expect(await world.act(gate)).toEqual({ status: onExpiry })
    expect(kinds().at(-1)).toBe('expired')
  })

  test('lets nothing be decided, whether it is recorded or not', async () => {
    const { world, gate, say } = await opened()
    world.clock.time += 72 * hour
    await expect(say(steward, 'approve')).rejects.toMatchObject({ name: 'GateClosed' })
    expect((await world.theGate(gate)).decisions).toEqual([])
  })
})

test('a gate takes no more than it can keep, and can always be closed', async () => {
  const { world, gate, say } = await opened()
  const decision = { decision: 'approve', address: qa, role: 'qa', evidence: 'e'.repeat(64) } as const
  const many = Array.from({ length: 200 }, () => ({ ...decision, reason: 'x', at: 1, opening: 1 }))
  await world.gates.updateGate(gate, (there) => ({ ...there, decisions: many }))
  await expect(say(steward, 'approve')).rejects.toMatchObject({ name: 'TooManyDecisions' })
  const long = many.slice(0, 100).map((one) => ({ ...one, reason: '\u{1f600}'.repeat(1000) }))
  await world.gates.updateGate(gate, (there) => ({ ...there, decisions: long }))
  await expect(say(steward, 'approve')).rejects.toMatchObject({ name: 'TooManyDecisions' })
  expect((await say(steward, 'hold')).gate?.status).toBe('held')

  world.begin('run-2')
  await world.enter(gate)
  expect((await world.theGate(gate)).decisions).toHaveLength(20)
  expect((await say(steward, 'approve')).gate?.status).toBe('open')
})

test('a stage does not go on while the log is out of reach', async () => {
  const { world, gate, say } = await opened()
  await say(steward, 'approve')
  await world.withoutLog(async () => {
    expect(await say(qa, 'approve')).toMatchObject({ bell: 'answered', unlogged: { message: 'away' } })
    await expect(world.act(gate)).rejects.toThrow('away')
    expect(await world.runs.stage('places', 'cities', 'pilot')).toMatchObject({ status: 'judged' })
  })
  expect(await world.act(gate)).toEqual({ status: 'passed' })
})

test('an approval whose quorum is not complete passes nothing, whoever wrote it there', async () => {
  const { world, gate, say } = await opened()
  await say(steward, 'approve')
  await world.gates.updateGate(gate, (there) => ({ ...there, status: 'approved' }))
  await expect(world.act(gate)).rejects.toMatchObject({ name: 'StageNotPassed' })
})
