import type { StageKind } from '../../lambdas/shared/contract/stages.ts'
import { controlSum } from '../../lambdas/shared/domain/definition/control-sum.ts'
import { atLeast, atMost, exactly } from '../../lambdas/shared/domain/definition/limit.ts'
import type { SealedEvidence } from '../../lambdas/shared/domain/evidence-document.ts'
import type { ControlSum, Effort, StageSummary } from '../../lambdas/shared/domain/evidence.ts'
import { pilotSummary, sealed } from './stage-summaries.ts'

function effort(stage: string, records: number, factor = 1): Effort {
  const dynamoDb = (records * 0.75) / 1e6
  const parts = [
    { what: 'DynamoDB writes', units: records * 1.2 * factor, usd: dynamoDb * factor },
    { what: 'Lambda GB-seconds', units: (records / 40) * factor, usd: records * 4e-7 * factor },
    { what: 'State transitions of Step Functions', units: 96, usd: 0.0024 },
  ]
  const usd = parts.reduce((sum, part) => sum + part.usd, 0)
  return { stage, records, seconds: (records / 420) * factor, usd, parts }
}

const population: ControlSum = {
  name: 'Population by country',
  field: 'population',
  by: 'country',
  tolerance: 0,
  expected: { count: 9486, sum: '1204882113', min: '0', max: '24874500' },
  actual: { count: 9486, sum: '1204882113', min: '0', max: '24874500' },
  groups: 187,
  off: 0,
  examples: [],
}

/** The evidence of one of these, under criteria of every kind. */
export function richEvidence(summary: StageSummary, kind: StageKind = 'pilot'): SealedEvidence {
  return sealed(summary, kind, {
    quarantineRate: atMost(0.002, { breachAt: 0.02 }),
    quarantineRateOf: { RaggedRow: atMost(0.001) },
    fieldAccuracy: { name: exactly(1) },
    controlSums: { 'Population by country': controlSum('population', { by: 'country' }) },
    anomalies: atMost(1),
    recordsPerSecond: atLeast(100),
    batchSeconds: { p95: atMost(30) },
    duration: atMost(900),
  })
}

/** A pilot that passes, with everything that evidence can say. */
export const richPilot: StageSummary = pilotSummary({
  migration: 'cities',
  startedAt: '2026-01-01T02:51:10.000Z',
  endedAt: '2026-01-01T02:51:39.800Z',
  batches: { total: 4, done: 4, failed: 0, unfinished: 0 },
  records: 9517,
  bytes: 627_413,
  ledger: {
    extracted: 9517,
    mapped: 9486,
    filtered: { 'no administrative division': 21 },
    quarantined: { SourceContract: 7, RaggedRow: 2, TargetContract: 1 },
    loaded: 9471,
    unchanged: 15,
    conflicted: 0,
  },
  reconciliation: { compared: 9486, missing: 0, unexpected: 0, different: 0, fields: {} },
  quarantine: [
    {
      object: 'cities/part-0007.csv',
      line: 118,
      byte: 9_412,
      reason: 'RaggedRow',
      detail: '11 fields, not 12',
    },
    {
      ...{ object: 'cities/part-0031.csv', line: 1_204, byte: 98_226, reason: 'SourceContract' },
      ...{ field: 'latitude', detail: 'a number between -90 and 90 is expected' },
    },
  ],
  rollout: {
    ...{ batches: 4, of: 63, records: 9517 },
    ledger: { ...pilotSummary().ledger, extracted: 9517, mapped: 9486, loaded: 9471, unchanged: 15 },
  },
  controlSums: [population],
  batchSeconds: { p50: 4.1, p90: 6.8, p95: 6.8, p99: 7.4, max: 7.4 },
  anomalies: [],
  forecast: { prices: '2026-10-01', stages: [effort('pilot', 9517)], actual: effort('pilot', 9517, 1.31) },
})

/** The same pilot at its worst. */
export const troubledPilot: StageSummary = {
  ...richPilot,
  batches: { total: 4, done: 3, failed: 1, unfinished: 0 },
  ledger: {
    extracted: 9517,
    mapped: 9071,
    filtered: {
      'no administrative division': 21,
      'closed before 2000': 40,
      'a test row': 3,
      twin: 2,
      other: 1,
    },
    quarantined: { SourceContract: 370, RaggedRow: 8, TargetContract: 1 },
    loaded: 8_900,
    unchanged: 15,
    conflicted: 156,
  },
  reconciliation: {
    ...{ compared: 9071, missing: 3, unexpected: 0, different: 96 },
    fields: { name: 88, population: 14, administrativeDivisionOfTheFormerCountry: 2 },
  },
  differences: [
    { kind: 'missing', key: '{"pk":"CITY#20291","sk":"PROFILE"}' },
    {
      ...{ kind: 'different', key: '{"pk":"CITY#11408","sk":"PROFILE"}', field: 'name' },
      ...{ expected: '"São João da Madeira"', actual: '"Sao Joao da Madeira"' },
    },
    {
      ...{ kind: 'different', key: '{"pk":"CITY#307","sk":"PROFILE"}', field: 'contact' },
      ...{ expected: '•••', actual: '•••' },
    },
  ],
  failures: [
    {
      batch: 'cities-part-0031.csv-00000001',
      error: 'NondeterministicMapping',
      message: 'the mapping answered differently for the same record: it must not use the time, or chance',
    },
  ],
  controlSums: [
    {
      ...population,
      actual: { count: 9068, sum: '1204119087', min: '0', max: '24874500' },
      off: 2,
      examples: [
        { group: 'PT', measure: 'sum', expected: '10344802', actual: '9581776' },
        { group: 'PT', measure: 'count', expected: '184', actual: '181' },
        { group: 'BR', measure: 'sum', expected: '170115463.000000000000000001', actual: null },
      ],
    },
  ],
  anomalies: [
    {
      ...{ kind: 'slow-batch', subject: 'cities-part-0031.csv-00000001' },
      sentence: 'Batch cities-part-0031.csv-00000001 took 41 s; half of its fellows took at most 4.1 s.',
      figures: { seconds: 41, median: 4.1 },
    },
    {
      ...{ kind: 'nulls', subject: 'population' },
      sentence: 'Column population is empty in 12.4 % of the records; at rehearse it was in 0.3 %.',
      figures: { share: 0.124, rehearse: 0.003 },
    },
  ],
  batchSeconds: { p50: 4.1, p90: 41.2, p95: 41.2, p99: 41.2, max: 41.2 },
  forecast: { prices: '2026-10-01', stages: [effort('pilot', 9517)], actual: effort('pilot', 9517, 9000) },
}

/** A rehearsal of all, which foretells what comes. */
export const richRehearsal: StageSummary = {
  ...richPilot,
  stage: 'rehearse',
  batches: { total: 63, done: 63, failed: 0, unfinished: 0 },
  records: 149_612,
  bytes: 9_812_004,
  ledger: {
    extracted: 149_612,
    mapped: 149_262,
    filtered: { 'no administrative division': 240 },
    quarantined: { SourceContract: 100, RaggedRow: 10 },
    ...{ loaded: 0, unchanged: 0, conflicted: 0 },
  },
  quarantine: [],
  rollout: { batches: 0, of: 63, records: 0, ledger: { ...pilotSummary().ledger, loaded: 0, unchanged: 0 } },
  controlSums: [],
  forecast: {
    prices: '2026-10-01',
    stages: [effort('pilot', 9517), effort('ramp-25', 37_400), effort('full', 102_695)],
  },
}
