import type { LogDraft } from '../../lambdas/shared/domain/decision-log/entry.ts'

/** An event as a gate records it. */
export const draftNamed = (id: string, changes: Partial<LogDraft> = {}): LogDraft => ({
  ...{
    id,
    kind: 'approved',
    at: Date.UTC(2026, 0, 2),
    migration: 'places',
    segment: 'cities',
    stage: 'pilot',
  },
  ...{
    gate: 'places.cities.pilot.0123456789abcdef',
    run: 'run-1',
    actor: 'steward@example.com',
    role: 'steward',
  },
  ...{ reason: 'the figures agree', evidence: 'e'.repeat(64), evidenceKey: 'evidence/places/1.json' },
  ...{ fingerprint: 'f'.repeat(64), ...changes },
})
