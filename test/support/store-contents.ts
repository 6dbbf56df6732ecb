import type { Gate } from '../../lambdas/shared/domain/gate.ts'
import type { StageRecord } from '../../lambdas/shared/domain/stage-record.ts'

/** A stage under the lock token 1. */
export const pilotRecord: StageRecord = {
  ...{ segment: 'cities', stage: 'pilot', status: 'running', fingerprint: 'f'.repeat(64) },
  ...{ lockToken: 1, run: 'run-1', startedAt: '2026-01-01T00:00:00.000Z' },
}

export const openGate: Gate = {
  ...{ id: 'gate', migration: 'm', segment: 'cities', stage: 'pilot', run: 'run-1' },
  ...{ startedBy: 'operator@example.com', fingerprint: 'f'.repeat(64), evidence: 'e'.repeat(64) },
  ...{ evidenceKey: 'evidence/1.json', verdict: 'pass', status: 'open', opening: 1, decisions: [] },
  ...{ openedAt: Date.UTC(2026, 0, 1), expiresAt: Date.UTC(2026, 0, 4), asked: {}, outbox: [], drafts: 0 },
  starters: ['operator@example.com'],
  policy: {
    ...{ quorum: { steward: 4 }, fourEyes: true, expiresAfter: '3 days', onExpiry: 'hold' },
    remindEvery: '1 days',
  },
}

export const decisionOf = (address: string) => ({
  ...{ decision: 'approve' as const, role: 'steward', reason: 'fine', evidence: openGate.evidence },
  ...{ at: Date.UTC(2026, 0, 2), opening: 1, link: 'c'.repeat(64), address },
})
