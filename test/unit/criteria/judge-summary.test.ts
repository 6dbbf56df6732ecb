import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stageKinds, type StageKind } from '../../../lambdas/shared/contract/stages.ts'
import { judgeFigure } from '../../../lambdas/shared/domain/criteria/judge-figure.ts'
import { judgeSummary } from '../../../lambdas/shared/domain/criteria/judge-summary.ts'
import type { Criteria } from '../../../lambdas/shared/domain/definition/criteria.ts'
import { atLeast, atMost, exactly, type Limit } from '../../../lambdas/shared/domain/definition/limit.ts'
import type { StageSummary } from '../../../lambdas/shared/domain/evidence.ts'
import { pilotSummary } from '../../support/stage-summaries.ts'

const judge = (summary: StageSummary, kind: StageKind = 'pilot', criteria: Criteria = {}) =>
  judgeSummary(summary, kind, criteria)
const line = (judged: ReturnType<typeof judge>, figure: string) =>
  judged.criteria.find((criterion) => criterion.figure === figure)
const blank = {
  extracted: 0,
  mapped: 0,
  filtered: {},
  quarantined: {},
  loaded: 0,
  unchanged: 0,
  conflicted: 0,
}

describe('which figures apply', () => {
  const rehearsed = pilotSummary({
    stage: 'rehearse',
    ledger: { ...blank, extracted: 1000, mapped: 990, filtered: { old: 10 } },
    reconciliation: { compared: 0, missing: 0, unexpected: 0, different: 0, fields: {} },
  })

  test('rehearse has no figures of the target', () => {
    const judged = judge(rehearsed, 'rehearse')
    expect(judged.criteria.map(({ figure }) => figure)).toEqual([
      'records',
      'unfinishedBatches',
      'ledgerGap',
      'quarantineRate',
      'failedBatches',
    ])
    expect(judged.verdict).toBe('pass')
  })

  test('the whole target is judged where it was counted, and has to be at full', () => {
    expect(line(judge(pilotSummary()), 'unexpected')).toBeUndefined()
    expect(judge(pilotSummary(), 'full')).toMatchObject({ verdict: 'fail' })
    expect(line(judge(pilotSummary(), 'full'), 'unexpected')).toMatchObject({ actual: null, verdict: 'fail' })
    const wholeTarget = { counted: 1000, explained: 1000 }
    const { reconciliation, ledger } = pilotSummary()
    const rollout = { batches: 2, of: 2, records: 1000, ledger }
    const counted = pilotSummary({ rollout, reconciliation: { ...reconciliation, wholeTarget } })
    expect(judge(counted, 'full').verdict).toBe('pass')
    const lost = { ...reconciliation, wholeTarget: { counted: 999, explained: 999 } }
    expect(
      line(judge(pilotSummary({ rollout, reconciliation: lost }), 'full'), 'completeness'),
    ).toMatchObject({
      actual: 0.999,
      verdict: 'fail',
    })
  })

  test('more records found than were mapped are no completeness, whatever the whole target says', () => {
    const { reconciliation, ledger } = pilotSummary()
    const wholeTarget = { counted: 1000, explained: 1000 }
    const found = { ...reconciliation, compared: 1001, wholeTarget }
    const rollout = { batches: 2, of: 2, records: 1000, ledger }
    expect(
      line(judge(pilotSummary({ rollout, reconciliation: found }), 'full'), 'completeness'),
    ).toMatchObject({ actual: null, verdict: 'fail' })
  })

  test('a full for which earlier stages left no batch is judged by the whole rollout', () => {
    const { ledger } = pilotSummary()
    const closing = pilotSummary({
      records: 0,
      batches: { total: 0, done: 0, failed: 0, unfinished: 0 },
      ledger: blank,
      reconciliation: {
        compared: 0,
        missing: 0,
        unexpected: 0,
        different: 0,
        fields: {},
        wholeTarget: { counted: 1000, explained: 1000 },
      },
      rollout: { batches: 2, of: 2, records: 1000, ledger },
    })
    expect(judge(closing, 'full').verdict).toBe('pass')
    expect(judge({ ...closing, rollout: undefined }, 'full').verdict).toBe('fail')
    expect(judge(closing, 'ramp').verdict).toBe('fail')
  })
})

describe('what always holds', () => {
  test('a stage with no records has not passed, whatever the criteria say', () => {
    const anything = atLeast(0)
    const criteria = { completeness: anything, accuracy: anything, quarantineRate: anything }
    const judged = judge(pilotSummary({ records: 0, ledger: blank }), 'rehearse', criteria)
    expect(line(judged, 'records')).toMatchObject({ actual: 0, verdict: 'fail' })
    expect(judged.verdict).toBe('fail')
  })

  test('a batch that is not finished', () => {
    const batches = { total: 2, done: 1, failed: 0, unfinished: 1 }
    expect(judge(pilotSummary({ batches })).verdict).toBe('fail')
  })

  test('a ledger that does not add up', () => {
    const { ledger } = pilotSummary()
    expect(line(judge(pilotSummary({ ledger: { ...ledger, loaded: 989 } })), 'ledgerGap')).toMatchObject({
      actual: 1,
      verdict: 'fail',
    })
    const quarantined = { SourceContract: 3 }
    expect(judge(pilotSummary({ ledger: { ...ledger, quarantined } })).verdict).toBe('fail')
  })
})

test('anomalies that one entry counts together count one by one', () => {
  const one = (figures: Record<string, number>) => ({
    ...{ kind: 'slow-batch' as const, subject: 'a', sentence: 'It was slow.', figures },
  })
  const anomalies = [...Array.from({ length: 7 }, () => one({ seconds: 9 })), one({ more: 493 })]
  const judged = judge(pilotSummary({ anomalies }), 'pilot', { anomalies: atMost(8, { breachAt: 499 }) })
  expect(line(judged, 'anomalies')).toMatchObject({ actual: 500, verdict: 'breach' })
})

describe('a limit', () => {
  test('breach lies beyond the limit that the criterion names for it', () => {
    const limit = atMost(0.002, { breachAt: 0.02 })
    expect([0.002, 0.0021, 0.02, 0.021].map((actual) => judgeFigure(actual, limit))).toEqual([
      'pass',
      'fail',
      'fail',
      'breach',
    ])
    expect([1, 0.98, 0.5].map((actual) => judgeFigure(actual, atLeast(0.99, { breachAt: 0.6 })))).toEqual([
      'pass',
      'fail',
      'breach',
    ])
  })

  test('no limit is met by a figure that nobody knows', () => {
    for (const limit of [atLeast(0), atMost(1e9), exactly(0)]) {
      expect([null, Number.NaN].map((actual) => judgeFigure(actual, limit))).toEqual(['fail', 'fail'])
    }
  })

  const limits: fc.Arbitrary<Limit> = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }).map((limit) => atLeast(limit, { breachAt: limit / 2 })),
    fc.double({ min: 0, max: 1, noNaN: true }).map((limit) => atMost(limit, { breachAt: limit * 2 })),
  )
  const severity = { pass: 0, fail: 1, breach: 2 }

  test('a worse figure never gets a better verdict', () => {
    const figures = fc.tuple(
      fc.double({ min: 0, max: 2, noNaN: true }),
      fc.double({ min: 0, max: 2, noNaN: true }),
    )
    fc.assert(
      fc.property(limits, figures, (limit, pair) => {
        const [low, high] = pair.toSorted((a, b) => a - b) as [number, number]
        const [better, worse] = limit.is === 'atLeast' ? [high, low] : [low, high]
        expect(severity[judgeFigure(worse, limit)]).toBeGreaterThanOrEqual(
          severity[judgeFigure(better, limit)],
        )
      }),
    )
  })
})

describe('any summary under any criteria', () => {
  const count = fc.nat(50)
  const limit = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(atLeast, atMost),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.option(fc.nat(3)),
      )
      .map(([make, bound, breachAt]) => make(bound, breachAt === null ? {} : { breachAt })),
    fc.nat(1).map(exactly),
  )
  const names = [
    'completeness',
    'accuracy',
    'quarantineRate',
    'conflicts',
    'unexpected',
    'failedBatches',
  ] as const
  const criteria: fc.Arbitrary<Criteria> = fc.dictionary(fc.constantFrom(...names), limit)
  const summaries = fc
    .record({
      ledger: fc.record({
        extracted: count,
        mapped: count,
        filtered: fc.record({ old: count }),
        quarantined: fc.record({ SourceContract: count }),
        loaded: count,
        unchanged: count,
        conflicted: count,
      }),
      reconciliation: fc.record(
        {
          compared: count,
          missing: count,
          unexpected: count,
          different: count,
          fields: fc.constant({}),
          wholeTarget: fc.record({ counted: count, explained: count }),
        },
        { requiredKeys: ['compared', 'missing', 'unexpected', 'different', 'fields'] },
      ),
      batches: fc.record({ total: count, done: count, failed: fc.nat(2), unfinished: fc.nat(1) }),
      records: fc.nat(2),
    })
    .map((changes) => pilotSummary(changes))

  test('none passes with a criterion that is unmet or unknown, or without records', () => {
    fc.assert(
      fc.property(summaries, criteria, fc.constantFrom(...stageKinds), (summary, chosen, kind) => {
        const judged = judge(summary, kind, chosen)
        const unmet = judged.criteria.some(({ actual, is, limit: bound }) => {
          if (actual === null) return true
          if (is === 'atLeast') return actual < bound
          return is === 'atMost' ? actual > bound : actual !== bound
        })
        const needed =
          kind === 'rehearse' ? ['quarantineRate'] : ['quarantineRate', 'completeness', 'conflicts']
        const isBare = summary.records === 0 || needed.some((figure) => !line(judged, figure))
        expect(judged.verdict === 'pass').toBe(!unmet && !isBare && summary.batches.unfinished === 0)
      }),
      { numRuns: 2000 },
    )
  })
})
