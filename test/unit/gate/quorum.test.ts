import { expect, test } from 'vitest'
import type { Decision } from '../../../lambdas/shared/contract/stages.ts'
import { isQuorumComplete } from '../../../lambdas/shared/domain/gate-rules/quorum.ts'

const said = (address: string, role: string, decision: Decision = 'approve', evidence = 'new') => ({
  address,
  role,
  decision,
  evidence,
  reason: 'because',
  at: 1,
})
const quorum = { steward: 2, qa: 1 }
const full = [said('a@x', 'steward'), said('b@x', 'steward'), said('c@x', 'qa')]

test('every role needs its number of distinct people', () => {
  expect(isQuorumComplete({ quorum, evidence: 'new', decisions: full })).toBe(true)
  for (const missing of full) {
    const others = full.filter((decision) => decision !== missing)
    expect(isQuorumComplete({ quorum, evidence: 'new', decisions: others })).toBe(false)
    expect(isQuorumComplete({ quorum, evidence: 'new', decisions: [...others, ...others] })).toBe(false)
  }
})

test('approvals of earlier evidence have lapsed', () => {
  expect(isQuorumComplete({ quorum, evidence: 'newer', decisions: full })).toBe(false)
  const mixed = [...full.slice(1), said('a@x', 'steward', 'approve', 'old')]
  expect(isQuorumComplete({ quorum, evidence: 'new', decisions: mixed })).toBe(false)
})

test("each person's newest word counts", () => {
  const withdrawn = [...full, said('a@x', 'steward', 'reject')]
  expect(isQuorumComplete({ quorum, evidence: 'new', decisions: withdrawn })).toBe(false)
  expect(
    isQuorumComplete({ quorum, evidence: 'new', decisions: [...withdrawn, said('a@x', 'steward')] }),
  ).toBe(true)
})

test('a quorum of nobody is never complete', () => {
  expect(isQuorumComplete({ quorum: {}, evidence: 'new', decisions: full })).toBe(false)
})
