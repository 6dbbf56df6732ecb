import { expect, test } from 'vitest'
import type { Decision } from '../../../lambdas/shared/contract/stages.ts'
import { quorumOf } from '../../../lambdas/shared/domain/gate-rules/quorum.ts'
import type { Gate, GateDecision, StoredPolicy } from '../../../lambdas/shared/domain/gate.ts'
import { openGate } from '../../support/store-contents.ts'

const said = (
  address: string,
  role: string,
  decision: Decision = 'approve',
  changes: Partial<GateDecision> = {},
): GateDecision => ({
  ...{ address, role, decision, evidence: 'new', reason: 'because', at: 1, opening: 2 },
  ...changes,
})
const quorum = { steward: 2, qa: 1 }
const full = [said('a@x', 'steward'), said('b@x', 'steward'), said('c@x', 'qa')]

const gateWith = (
  decisions: GateDecision[],
  policy: Partial<StoredPolicy> = {},
  more: Partial<Gate> = {},
): Gate => ({
  ...{ ...openGate, evidence: 'new', opening: 2, decisions },
  ...{ policy: { ...openGate.policy, quorum, ...policy }, ...more },
})
const isComplete = (...given: Parameters<typeof gateWith>) => quorumOf(gateWith(...given)).isComplete

test('every role needs its number of distinct people', () => {
  expect(isComplete(full)).toBe(true)
  for (const missing of full) {
    const others = full.filter((decision) => decision !== missing)
    expect(isComplete(others)).toBe(false)
    expect(isComplete([...others, ...others])).toBe(false)
  }
})

test('an address counts once, however it is written, and in one role', () => {
  expect(isComplete([said('a@x', 'steward'), said(' A@X', 'steward'), said('c@x', 'qa')])).toBe(false)
  expect(isComplete([said('a@x', 'steward'), said('b@x', 'steward'), said('A@x', 'qa')])).toBe(false)
})

test('approvals of earlier evidence, and of earlier openings, have lapsed', () => {
  for (const lapsed of [{ evidence: 'old' }, { opening: 1 }]) {
    expect(isComplete([...full.slice(1), said('a@x', 'steward', 'approve', lapsed)])).toBe(false)
    expect(isComplete([...full, said('a@x', 'steward', 'withdraw', lapsed)])).toBe(true)
  }
})

test("each person's newest word counts", () => {
  const withdrawn = [...full, said('a@x', 'steward', 'withdraw')]
  expect(isComplete(withdrawn)).toBe(false)
  expect(isComplete([...withdrawn, said('a@x', 'steward')])).toBe(true)
})

test('a quorum of nobody is never complete', () => {
  expect(isComplete(full, { quorum: {} })).toBe(false)
})

test('who is no longer in a role does not count', () => {
  expect(quorumOf(gateWith(full), ({ address }) => address !== 'a@x')).toMatchObject({
    ...{ isComplete: false, missing: 1 },
  })
})

test('four eyes: who started the run, or had it measured, is not enough', () => {
  const alone = [said('A@x', 'steward')]
  const policy = { quorum: { steward: 1 } }
  const started = { startedBy: 'a@x', starters: ['z@x'] }
  expect(isComplete(alone, policy, started)).toBe(false)
  expect(isComplete(alone, policy, { startedBy: 'z@x', starters: ['a@x'] })).toBe(false)
  expect(isComplete(alone, { ...policy, fourEyes: false }, started)).toBe(true)
  expect(isComplete([...alone, said('b@x', 'steward')], policy, started)).toBe(true)
  expect(isComplete(full, {}, started)).toBe(true)
})

test('a stand-in fills one missing place of any role, once the gate is escalated', () => {
  const policy = { escalation: { after: '1 days', to: 'owner' } } as const
  const escalated = { escalatedAt: 5 }
  const owner = said('o@x', 'owner')
  for (const missing of full) {
    const others = full.filter((decision) => decision !== missing)
    expect(isComplete([...others, owner], policy, escalated)).toBe(true)
    expect(isComplete([...others, owner], policy)).toBe(false)
  }
  const [first] = full
  if (!first) throw new Error('nobody')
  expect(isComplete([first, owner], policy, escalated)).toBe(false)
  expect(isComplete([first, owner, said('p@x', 'owner')], policy, escalated)).toBe(true)
})

test('a stand-in whose role is in the quorum fills one place, there or elsewhere', () => {
  const policy = { escalation: { after: '1 days', to: 'qa' } } as const
  const escalated = { escalatedAt: 5 }
  const two = [said('c@x', 'qa'), said('d@x', 'qa')]
  expect(isComplete([said('a@x', 'steward'), ...two], policy, escalated)).toBe(true)
  expect(isComplete([said('a@x', 'steward'), ...two], policy)).toBe(false)
  expect(isComplete(two, policy, escalated)).toBe(false)
  expect(isComplete([...two, said('e@x', 'qa')], policy, escalated)).toBe(true)
})
