import fc from 'fast-check'
import { expect, test } from 'vitest'
import { controlSum } from '#lockgate'
import { judgeFigure } from '../../../lambdas/shared/domain/criteria/judge-figure.ts'
import { judgeSummary } from '../../../lambdas/shared/domain/criteria/judge-summary.ts'
import { checkCriteria } from '../../../lambdas/shared/domain/definition/check/check-criteria.ts'
import { limitProblems } from '../../../lambdas/shared/domain/definition/check/check-limit.ts'
import type { Criteria } from '../../../lambdas/shared/domain/definition/criteria.ts'
import { figureTraits } from '../../../lambdas/shared/domain/definition/figure-traits.ts'
import type { Limit } from '../../../lambdas/shared/domain/definition/limit.ts'
import { askedOf, figuresOf } from '../../support/judge-oracle.ts'
import { anyCriteria, anyLimit, anyStage, worsened } from '../../support/judge-arbitraries.ts'
import { summaryOf, type StageModel } from '../../support/stage-model.ts'
import { things } from '../definition/valid-migration.ts'

const severity = { pass: 0, fail: 1, breach: 2 }
const judge = (model: StageModel, criteria: Criteria) => judgeSummary(summaryOf(model), model.kind, criteria)

const isWithin = (actual: number, { is, limit }: Limit) =>
  is === 'exactly' ? actual === limit : is === 'atLeast' ? actual >= limit : actual <= limit

const isBreach = (actual: number, { is, breachAt, severity: chosen }: Limit) =>
  chosen === 'breach' ||
  (breachAt !== undefined && (is === 'atLeast' ? actual < breachAt : actual > breachAt))

test('criteria as they are drawn here are such as a definition may have', () => {
  fc.assert(
    fc.property(anyCriteria, (criteria) => {
      expect(checkCriteria({ ...things, criteria })).toEqual([])
    }),
  )
})

test('a stage passes when every criterion that is asked for is known and met, and never else', () => {
  const seen = { pass: 0, fail: 0, breach: 0 }
  fc.assert(
    fc.property(anyStage, anyCriteria, (model, criteria) => {
      const figures = figuresOf(model)
      const asked = askedOf(model, criteria)
      const unmet = [...asked].filter(([name, limit]) => {
        const actual = figures[name]
        return actual === undefined || !isWithin(actual, limit)
      })
      const beyond = unmet.filter(([name, limit]) => {
        const actual = figures[name]
        return actual !== undefined && isBreach(actual, limit)
      })
      const { verdict, criteria: lines } = judge(model, criteria)
      seen[verdict] += 1
      expect(lines.map(({ figure }) => figure).toSorted()).toEqual([...asked.keys()].toSorted())
      expect(verdict).toBe(beyond.length > 0 ? 'breach' : unmet.length > 0 ? 'fail' : 'pass')
    }),
    { numRuns: 4000 },
  )
  // Not every stage that is drawn is hopeless.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100)
})

test('worse figures never give a better verdict, on the whole and on any line', () => {
  let changed = 0
  fc.assert(
    fc.property(
      anyStage.chain((model) => fc.tuple(fc.constant(model), worsened(model))),
      anyCriteria,
      ([model, worse], criteria) => {
        const [before, after] = [judge(model, criteria), judge(worse, criteria)]
        expect(severity[after.verdict]).toBeGreaterThanOrEqual(severity[before.verdict])
        for (const [i, line] of before.criteria.entries()) {
          const again = after.criteria[i]
          expect(again?.figure).toBe(line.figure)
          expect(severity[again!.verdict]).toBeGreaterThanOrEqual(severity[line.verdict])
        }
        if (after.verdict !== before.verdict) changed += 1
      },
    ),
    { numRuns: 4000 },
  )
  expect(changed).toBeGreaterThan(100)
})

test('whatever limit a definition may have, a worse figure is not better off', () => {
  const figure = fc.constantFrom(...Object.values(figureTraits))
  const actual = fc.oneof(fc.nat(8), fc.double({ min: 0, max: 8, noNaN: true }), fc.constantFrom(0, 1))
  let accepted = 0
  fc.assert(
    fc.property(figure, anyLimit, actual, actual, (traits, limit, a, b) => {
      if (limitProblems(traits, limit).length > 0) return
      accepted += 1
      const range = (value: number) => (traits.unit === 'share' ? Math.min(1, value) : value)
      const [low, high] = [range(Math.min(a, b)), range(Math.max(a, b))]
      const [better, worse] = traits.better === 'more' ? [high, low] : [low, high]
      expect(severity[judgeFigure(worse, limit)]).toBeGreaterThanOrEqual(severity[judgeFigure(better, limit)])
    }),
    { numRuns: 5000 },
  )
  expect(accepted).toBeGreaterThan(100)
})

test('a figure that is taken away does not help', () => {
  const absent = ['groupsOff', 'anomalies', 'batchSeconds', 'countsTarget'] as const
  const criteria: Criteria = {
    controlSums: { sizes: controlSum('size') },
    anomalies: { is: 'atMost', limit: 1_000 },
    batchSeconds: { p50: { is: 'atMost', limit: 1e9 } },
  }
  fc.assert(
    fc.property(anyStage, fc.constantFrom(...absent), (model, name) => {
      const full: StageModel = { ...model, kind: 'full', closes: false }
      const without = { ...full, [name]: name === 'countsTarget' ? false : undefined }
      expect(judge(without, criteria).verdict).not.toBe('pass')
    }),
  )
})
