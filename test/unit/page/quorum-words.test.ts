import { describe, expect, test } from 'vitest'
import { quorumOf } from '../../../lambdas/shared/domain/gate-rules/quorum.ts'
import type { Gate } from '../../../lambdas/shared/domain/gate.ts'
import {
  approvingText,
  filledText,
  missingText,
  policyLines,
} from '../../../lambdas/shared/domain/wording/quorum-words.ts'
import { decidedBy, gateOn, linkOf } from '../../support/gate-states.ts'
import { pilotSummary, sealed } from '../../support/stage-summaries.ts'

const gate = gateOn(sealed(pilotSummary()))
const missing = (of: Gate) => missingText(quorumOf(of))
const started = (by: string) => ({ ...gate, startedBy: by, starters: [by] })
const policy = (changes: Partial<Gate['policy']>) => ({ ...gate, policy: { ...gate.policy, ...changes } })

describe('what is missing', () => {
  test('is named by role, with how many of it', () => {
    expect(missing(gate)).toBe('3 approvals are missing: steward, qa and operations.')
    expect(missing(decidedBy(gate, ['qa', 'approve', 1], ['steward', 'approve', 2]))).toBe(
      '1 approval is missing: operations.',
    )
    expect(missing(policy({ quorum: { steward: 2 } }))).toBe('2 approvals are missing: 2 × steward.')
  })

  test('is nothing when all have approved, unless only the starter has', () => {
    const all = [
      ['steward', 'approve', 1],
      ['qa', 'approve', 2],
      ['operations', 'approve', 3],
    ] as const
    expect(missing(decidedBy(gate, ...all))).toBe('No approval is missing.')
    const alone = { ...started('qa@example.com'), policy: { ...gate.policy, quorum: { qa: 1 } } }
    expect(missing(decidedBy(alone, ['qa', 'approve', 1]))).toContain('somebody else has to approve as well')
  })

  test('counts places', () => {
    expect(filledText(quorumOf(decidedBy(gate, ['qa', 'approve', 1])))).toBe('1 of 3 places is filled.')
    expect(filledText(quorumOf(policy({ quorum: { qa: 1 } })))).toBe('The only place is not filled yet.')
  })
})

describe('what comes of an approval', () => {
  const of = (at: Gate, role: string) => approvingText(at, linkOf(role))

  test('is said for the gate as it is: who is missing after it, or that the run goes on', () => {
    expect(of(gate, 'qa')).toContain('After yours, 2 approvals are missing: steward and operations.')
    const half = decidedBy(gate, ['steward', 'approve', 1], ['operations', 'approve', 2])
    expect(of(half, 'qa')).toContain('No other approval is missing: the run goes on')
  })

  test('is not the end for who started the run', () => {
    const alone = { ...started('QA@example.com'), policy: { ...gate.policy, quorum: { qa: 1 } } }
    expect(of(alone, 'qa')).toContain('only by who started the run: somebody else has to approve as well.')
  })
})

test('the policy is told as far as there is one', () => {
  const { override: _nobody, escalation: _none, ...bare } = gate.policy
  expect(policyLines({ ...gate, policy: { ...bare, fourEyes: false } })).toEqual([])
  expect(policyLines(gate)).toHaveLength(3)
  const lines = policyLines({
    ...gate,
    startedBy: 'Ada@example.com',
    starters: ['ada@example.com', 'bob@example.com'],
  })
  expect(lines).toContainEqual(
    expect.stringMatching(/^Ada@example.com and bob@example.com, who started runs/),
  )
})
