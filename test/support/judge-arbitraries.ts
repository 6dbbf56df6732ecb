import fc from 'fast-check'
import type { Criteria, Percentile } from '../../lambdas/shared/domain/definition/criteria.ts'
import { percentiles } from '../../lambdas/shared/domain/definition/criteria.ts'
import type { Limit, Severity } from '../../lambdas/shared/domain/definition/limit.ts'
import type { BatchSeconds } from '../../lambdas/shared/domain/evidence.ts'
import type { StageModel } from './stage-model.ts'

const severity = fc.constantFrom<Severity>('fail', 'breach')

/** Any limit at all, contradictory ones among them. */
export const anyLimit: fc.Arbitrary<Limit> = fc.record(
  {
    is: fc.constantFrom('atLeast' as const, 'atMost' as const, 'exactly' as const),
    limit: fc.oneof(fc.nat(5), fc.double({ min: 0, max: 1, noNaN: true })),
    breachAt: fc.oneof(fc.nat(8), fc.double({ min: 0, max: 1, noNaN: true })),
    severity,
  },
  { requiredKeys: ['is', 'limit'] },
)

/** Either a severity, or a second limit further off, or neither. */
function withBreach(limit: Limit, further: fc.Arbitrary<number>): fc.Arbitrary<Limit> {
  return fc.oneof(
    fc.constant(limit),
    severity.map((chosen) => ({ ...limit, severity: chosen })),
    ...(limit.is === 'exactly' ? [] : [further.map((breachAt) => ({ ...limit, breachAt }))]),
  )
}

const best = (limit: number): fc.Arbitrary<Limit> => withBreach({ is: 'exactly', limit }, fc.constant(0))

/** A share of which more is better. */
const atLeastShare = fc.oneof(
  best(1),
  fc.integer({ min: 1, max: 20 }).chain((n) =>
    withBreach(
      { is: 'atLeast', limit: n / 20 },
      fc.nat(n - 1).map((m) => m / 20),
    ),
  ),
)
const atMostShare = fc.oneof(
  best(0),
  fc.nat(19).chain((n) =>
    withBreach(
      { is: 'atMost', limit: n / 20 },
      fc.integer({ min: n + 1, max: 20 }).map((m) => m / 20),
    ),
  ),
)
const atMostCount = fc
  .nat(5)
  .chain((limit) => withBreach({ is: 'atMost', limit }, fc.integer({ min: limit + 1, max: 9 })))
const fewer = fc.oneof(best(0), atMostCount)
const rate = fc
  .integer({ min: 1, max: 30 })
  .chain((limit) => withBreach({ is: 'atLeast', limit }, fc.nat(limit - 1)))

const some = <T>(limits: Record<string, fc.Arbitrary<Limit>>) =>
  fc.record(limits, { requiredKeys: [] }) as fc.Arbitrary<T>

/** Criteria that a definition may have, over the fields of `valid-migration.ts`. */
export const anyCriteria: fc.Arbitrary<Criteria> = fc.record(
  {
    completeness: atLeastShare,
    accuracy: atLeastShare,
    fieldAccuracy: some<NonNullable<Criteria['fieldAccuracy']>>({ size: atLeastShare, note: atLeastShare }),
    errorRate: atMostShare,
    quarantineRate: atMostShare,
    quarantineRateOf: some<NonNullable<Criteria['quarantineRateOf']>>({
      ...{ RaggedRow: atMostShare, SourceContract: atMostShare, DuplicateTargetKey: atMostShare },
    }),
    conflicts: fewer,
    unexpected: fewer,
    failedBatches: fewer,
    controlSums: fc.record({
      sizes: fc.record(
        { field: fc.constant('size'), tolerance: fc.nat(3), severity },
        { requiredKeys: ['field', 'tolerance'] },
      ),
    }),
    anomalies: fewer,
    recordsPerSecond: rate,
    batchSeconds: some<NonNullable<Criteria['batchSeconds']>>(
      Object.fromEntries(percentiles.map((name) => [name, atMostCount])),
    ),
    duration: atMostCount,
  },
  { requiredKeys: [] },
)

/** Mostly nothing is wrong: else no stage would pass. */
const wrong = (most: number) => fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(most))
const measured = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 8, arbitrary }, fc.constant(undefined))

const batchSeconds: fc.Arbitrary<BatchSeconds> = fc
  .tuple(...percentiles.map(() => fc.nat(4)))
  .map((steps) => {
    const at = (percentile: Percentile) =>
      steps.slice(0, percentiles.indexOf(percentile) + 1).reduce((sum, step) => sum + step / 4, 0)
    return { p50: at('p50'), p90: at('p90'), p95: at('p95'), p99: at('p99'), max: at('max') }
  })

export const anyStage: fc.Arbitrary<StageModel> = fc
  .record({
    kind: fc.constantFrom('rehearse' as const, 'pilot' as const, 'ramp' as const, 'full' as const),
    closes: fc.boolean(),
    right: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 10, max: 60 }) }, fc.nat(2)),
    different: fc.record({ size: wrong(4), note: wrong(4), both: wrong(4) }),
    missing: wrong(6),
    uncompared: wrong(6),
    quarantined: fc.record({ RaggedRow: wrong(6), SourceContract: wrong(6) }),
    filtered: fc.nat(5),
    conflicted: wrong(5),
    gap: fc.oneof({ weight: 15, arbitrary: fc.constant(0) }, fc.nat(2)),
    unexpected: wrong(5),
    lost: wrong(5),
    countsTarget: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
    failedBatches: wrong(3),
    unfinishedBatches: fc.oneof({ weight: 15, arbitrary: fc.constant(0) }, fc.nat(2)),
    seconds: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 8 }) }, fc.constant(0)),
    groupsOff: measured(wrong(5)),
    anomalies: measured(wrong(5)),
    batchSeconds: measured(batchSeconds),
  })
  .map((model) => {
    const closes = model.closes && model.kind === 'full'
    // What closes a rollout has no batch of its own, and so none that could fail or be left undone.
    const batches = closes ? { failedBatches: 0, unfinishedBatches: 0, gap: 0 } : {}
    return { ...model, closes, ...batches }
  })

/** The same stage, with some of its figures worse and none better. What was not measured stays so. */
export function worsened(model: StageModel): fc.Arbitrary<StageModel> {
  const more = fc.nat(3)
  const moved = fc.record({ size: more, note: more, both: more, missing: more, ragged: more, refused: more })
  const counts = fc.record({
    ...{
      conflicted: more,
      gap: fc.nat(1),
      unexpected: more,
      lost: more,
      failed: more,
      unfinished: fc.nat(1),
    },
    ...{ seconds: more, groupsOff: more, anomalies: more, batchSeconds: more },
  })
  return fc.tuple(moved, counts).map(([from, by]) => {
    let { right } = model
    /** Takes records from those that are right, as far as there are any. */
    const take = (wanted: number) => {
      const taken = Math.min(right, wanted)
      right -= taken
      return taken
    }
    const { different, quarantined, closes } = model
    const plus = (value: number | undefined, further: number) =>
      value === undefined ? undefined : value + further
    const worse = {
      different: {
        size: different.size + take(from.size),
        note: different.note + take(from.note),
        both: different.both + take(from.both),
      },
      missing: model.missing + take(from.missing),
      quarantined: {
        RaggedRow: quarantined.RaggedRow + take(from.ragged),
        SourceContract: quarantined.SourceContract + take(from.refused),
      },
      conflicted: model.conflicted + by.conflicted,
      gap: closes ? 0 : model.gap + by.gap,
      unexpected: model.unexpected + by.unexpected,
      lost: model.lost + by.lost,
      failedBatches: closes ? 0 : model.failedBatches + by.failed,
      unfinishedBatches: closes ? 0 : model.unfinishedBatches + by.unfinished,
      seconds: model.seconds === 0 ? 0 : model.seconds + by.seconds,
      groupsOff: plus(model.groupsOff, by.groupsOff),
      anomalies: plus(model.anomalies, by.anomalies),
    }
    const times = model.batchSeconds
    const slower = times && {
      ...{
        p50: times.p50 + by.batchSeconds,
        p90: times.p90 + by.batchSeconds,
        p95: times.p95 + by.batchSeconds,
      },
      ...{ p99: times.p99 + by.batchSeconds, max: times.max + by.batchSeconds },
    }
    return { ...model, ...worse, right, batchSeconds: slower }
  })
}
