import { judgeSummary } from '../../lambdas/shared/domain/criteria/judge-summary.ts'
import type { Criteria } from '../../lambdas/shared/domain/definition/criteria.ts'
import { sealEvidence, type SealedEvidence } from '../../lambdas/shared/domain/evidence-document.ts'
import type { StageSummary } from '../../lambdas/shared/domain/evidence.ts'
import type { StageKind } from '../../lambdas/shared/contract/stages.ts'
import type { Run } from '../../lambdas/shared/contract/payloads.ts'

export const fingerprint = 'a1'.repeat(32)
export const manifest = 'c3'.repeat(32)

export function runNamed(id: string, lockToken = 1): Run {
  return {
    migration: 'places',
    id,
    executionArn: `arn:aws:states:eu-west-1:123456789012:execution:migrate:${id}`,
    startedBy: 'operator@example.com',
    startedAt: '2026-01-01T00:00:00.000Z',
    fingerprint,
    lockToken,
    concurrency: 5,
  }
}

/** A pilot without a blemish; `changes` puts one in. */
export function pilotSummary(changes: Partial<StageSummary> = {}): StageSummary {
  return {
    migration: 'places',
    segment: 'cities',
    stage: 'pilot',
    run: 'run-1',
    fingerprint,
    manifest,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:20.000Z',
    batches: { total: 2, done: 2, failed: 0, unfinished: 0 },
    records: 1000,
    bytes: 123_456,
    ledger: {
      extracted: 1000,
      mapped: 1000,
      filtered: {},
      quarantined: {},
      loaded: 990,
      unchanged: 10,
      conflicted: 0,
    },
    reconciliation: { compared: 1000, missing: 0, unexpected: 0, different: 0, fields: {} },
    differences: [],
    quarantine: [],
    failures: [],
    generations: [1],
    ...changes,
  }
}

/** Evidence under these criteria; where they are silent, under the default ones. */
export function sealed(
  summary: StageSummary,
  kind: StageKind = 'pilot',
  criteria: Criteria = {},
): SealedEvidence {
  return sealEvidence(summary, judgeSummary(summary, kind, criteria), 'operator@example.com')
}
