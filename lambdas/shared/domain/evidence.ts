import { z } from 'zod'
import { verdicts } from '../contract/stages.ts'
import { ledgerSchema, openEnds } from './ledger.ts'

const count = z.int().nonnegative()
const rate = z.number().nullable()

/** A difference shown as an example; values of masked fields are already masked. */
export const difference = z.object({
  kind: z.enum(['missing', 'different', 'unexpected', 'conflicted']),
  key: z.string(),
  field: z.string().optional(),
  expected: z.string().optional(),
  actual: z.string().optional(),
})
export type Difference = z.infer<typeof difference>

/** One record in quarantine, as the evidence shows it: where it is and why, never what it says. */
export const quarantineExample = z.object({
  object: z.string(),
  line: count,
  byte: count,
  reason: z.string(),
  field: z.string().optional(),
  detail: z.string(),
})
export type QuarantineExample = z.infer<typeof quarantineExample>

export const reconciliation = z.object({
  compared: count,
  missing: count,
  unexpected: count,
  different: count,
  /** Records that differ, by field. */
  fields: z.record(z.string(), count),
  /** Items counted in the whole target scope and how many the source explains; only at `full`. */
  wholeTarget: z.object({ counted: count, explained: count }).optional(),
})
export type Reconciliation = z.infer<typeof reconciliation>

const decimal = z.string()
/** Sums as decimal texts, because they exceed what a double holds; `null` where there is nothing to sum. */
export const sums = z.object({
  count,
  sum: decimal.nullable(),
  min: decimal.nullable(),
  max: decimal.nullable(),
})

/** A control sum that the migration names, over the records that the stage compared, on both sides. */
export const controlSum = z.object({
  name: z.string(),
  field: z.string(),
  /** Field whose values make the groups; absent: one group. */
  by: z.string().optional(),
  /** By how much sum, min and max of a group may be off. */
  tolerance: z.number().nonnegative(),
  expected: sums,
  actual: sums,
  groups: count,
  /** Groups in which something is off by more than the tolerance. */
  off: count,
  examples: z.array(
    z.object({
      group: z.string(),
      measure: z.enum(['count', 'sum', 'min', 'max']),
      expected: z.string().nullable(),
      actual: z.string().nullable(),
    }),
  ),
})
export type ControlSum = z.infer<typeof controlSum>

const seconds = z.number().nonnegative()
/** How long batches took, over all steps: nearest-rank percentiles. */
export const batchSeconds = z.object({ p50: seconds, p90: seconds, p95: seconds, p99: seconds, max: seconds })
export type BatchSeconds = z.infer<typeof batchSeconds>

export const anomalyKinds = [
  'columns',
  'types',
  'nulls',
  'distinct',
  'volume',
  'reprocessed',
  'slow-batch',
  'large-batch',
  'new-reason',
] as const
/** Something unlike the rest, or unlike rehearse: one plain sentence with its figures. */
export const anomaly = z.object({
  kind: z.enum(anomalyKinds),
  /** Column, batch or reason that it is about. */
  subject: z.string(),
  sentence: z.string(),
  figures: z.record(z.string(), z.union([z.number(), z.string()])),
})
export type Anomaly = z.infer<typeof anomaly>

const usd = z.number().nonnegative()
/** What a stage takes, forecast or actual. `parts`: units of each thing that is paid for, and their price in USD. */
export const effort = z.object({
  stage: z.string(),
  records: count,
  seconds,
  usd,
  parts: z.array(z.object({ what: z.string(), units: z.number().nonnegative(), usd })),
})
export type Effort = z.infer<typeof effort>

/** By rehearse for each later stage; later stages repeat their own, beside what it came to. */
export const forecast = z.object({
  /** Date of the list prices. */
  prices: z.string(),
  stages: z.array(effort),
  /** What it rests on, and what was not measured, in sentences. */
  basis: z.array(z.string()).optional(),
  actual: effort.optional(),
})
export type Forecast = z.infer<typeof forecast>

/** What `summarise` leaves for `judge`: all from checkpoints and manifests. */
export const stageSummary = z.object({
  migration: z.string(),
  segment: z.string(),
  stage: z.string(),
  run: z.string(),
  fingerprint: z.string(),
  manifest: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  batches: z.object({ total: count, done: count, failed: count, unfinished: count }),
  records: count,
  bytes: count,
  ledger: ledgerSchema,
  /** Of its failed batches; absent: none. */
  openEnds: openEnds.optional(),
  reconciliation,
  differences: z.array(difference),
  quarantine: z.array(quarantineExample),
  failures: z.array(z.object({ batch: z.string(), error: z.string(), message: z.string() })),
  generations: z.array(count),
  /** How far the segment is in all, over every batch of the manifest that has been loaded so far. */
  rollout: z.object({ batches: count, of: count, records: count, ledger: ledgerSchema }).optional(),
  controlSums: z.array(controlSum).optional(),
  batchSeconds: batchSeconds.optional(),
  /** Absent: nobody looked for any. */
  anomalies: z.array(anomaly).optional(),
  forecast: forecast.optional(),
})
export type StageSummary = z.infer<typeof stageSummary>

export const judgedCriterion = z.object({
  figure: z.string(),
  /** What the figure counts, in words. */
  meaning: z.string(),
  is: z.enum(['atLeast', 'atMost', 'exactly']),
  limit: z.number(),
  breachAt: z.number().optional(),
  /** What the verdict is where the limit is not met; absent: `fail`. */
  severity: z.enum(['fail', 'breach']).optional(),
  /** `null`: the figure could not be computed, and the criterion is not passed. */
  actual: rate,
  verdict: z.enum(verdicts),
})
export type JudgedCriterion = z.infer<typeof judgedCriterion>

/** The document that approvers sign: its SHA-256 over the canonical text is on the gate. */
export const evidence = z.object({
  version: z.literal(1),
  summary: stageSummary,
  criteria: z.array(judgedCriterion),
  verdict: z.enum(verdicts),
  seconds: z.number(),
  recordsPerSecond: z.number(),
  startedBy: z.string(),
})
export type Evidence = z.infer<typeof evidence>
