import type { Criteria } from '../../lambdas/shared/domain/definition/criteria.ts'
import type { Limit } from '../../lambdas/shared/domain/definition/limit.ts'
import { sizesOf, type StageModel } from './stage-model.ts'

const upTo = (limit: number): Limit => ({ is: 'atMost', limit })
const just = (limit: number): Limit => ({ is: 'exactly', limit })

/** What a stage has to be asked, written down a second time: the judge must neither leave out nor add a line. */
export function askedOf({ kind, closes }: StageModel, criteria: Criteria): ReadonlyMap<string, Limit> {
  const asked = new Map<string, Limit>([
    ['records', { is: 'atLeast', limit: 1 }],
    ['unfinishedBatches', just(0)],
    ['ledgerGap', just(0)],
    ['quarantineRate', criteria.quarantineRate ?? upTo(0)],
    ['failedBatches', criteria.failedBatches ?? just(0)],
  ])
  const ask = (name: string, limit: Limit | undefined) => limit && asked.set(name, limit)
  const askEach = (name: string, limits: Readonly<Record<string, Limit | undefined>> = {}) => {
    for (const [of, limit] of Object.entries(limits)) ask(`${name}.${of}`, limit)
  }
  askEach('quarantineRateOf', criteria.quarantineRateOf)
  ask('anomalies', criteria.anomalies)
  ask('duration', criteria.duration)
  if (kind !== 'rehearse') {
    ask('completeness', criteria.completeness ?? just(1))
    ask('conflicts', criteria.conflicts ?? just(0))
  }
  if (kind === 'full') ask('unexpected', criteria.unexpected ?? just(0))
  if (closes) return asked
  ask('errorRate', criteria.errorRate)
  ask('recordsPerSecond', criteria.recordsPerSecond)
  askEach('batchSeconds', criteria.batchSeconds)
  if (kind === 'rehearse') return asked
  ask('accuracy', criteria.accuracy ?? just(1))
  askEach('fieldAccuracy', criteria.fieldAccuracy)
  for (const [name, { severity }] of Object.entries(criteria.controlSums ?? {})) {
    ask(`controlSums.${name}`, severity === undefined ? just(0) : { ...just(0), severity })
  }
  return asked
}

/** The figures of a stage, from what became of its records; one that is not known is absent. */
export function figuresOf(model: StageModel): Readonly<Record<string, number | undefined>> {
  const { kind, closes, right, different, missing, uncompared, quarantined } = model
  const { found, mapped, quarantine, extracted, differing } = sizesOf(model)
  const of = (part: number, whole: number) => (whole > 0 ? part / whole : undefined)
  const wrong = kind === 'rehearse' ? quarantine : quarantine + missing + differing + uncompared
  const isCounted = kind === 'full' && model.countsTarget
  const complete = [
    ...(closes ? [] : [of(found, mapped)]),
    ...(isCounted ? [of(Math.max(0, mapped - model.lost), mapped)] : []),
  ]
  const isComplete = complete.length > 0 && !complete.includes(undefined)
  const { p50, p90, p95, p99, max } = model.batchSeconds ?? {}
  return {
    records: kind === 'full' || !closes ? extracted : 0,
    unfinishedBatches: model.unfinishedBatches,
    ledgerGap: closes ? 0 : model.gap,
    completeness: isComplete ? Math.min(...complete.filter((one) => one !== undefined)) : undefined,
    accuracy: of(right, found),
    'fieldAccuracy.size': of(right + different.note, found),
    'fieldAccuracy.note': of(right + different.size, found),
    errorRate: of(wrong, extracted),
    quarantineRate: of(quarantine, extracted),
    'quarantineRateOf.RaggedRow': of(quarantined.RaggedRow, extracted),
    'quarantineRateOf.SourceContract': of(quarantined.SourceContract, extracted),
    'quarantineRateOf.DuplicateTargetKey': of(0, extracted),
    conflicts: kind === 'rehearse' ? 0 : Math.min(model.conflicted, mapped),
    unexpected: isCounted ? model.unexpected : undefined,
    failedBatches: model.failedBatches,
    'controlSums.sizes': model.groupsOff,
    anomalies: model.anomalies,
    recordsPerSecond: of(extracted, model.seconds),
    ...{ 'batchSeconds.p50': p50, 'batchSeconds.p90': p90, 'batchSeconds.p95': p95 },
    ...{ 'batchSeconds.p99': p99, 'batchSeconds.max': max },
    duration: model.seconds,
  }
}
