import { z } from 'zod'
import { verdicts } from '../contract/stages.ts'
import { ledgerSchema } from './ledger.ts'

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
  reconciliation,
  differences: z.array(difference),
  quarantine: z.array(quarantineExample),
  failures: z.array(z.object({ batch: z.string(), error: z.string(), message: z.string() })),
  generations: z.array(count),
  /** How far the segment is in all, over every batch of the manifest that has been loaded so far. */
  rollout: z.object({ batches: count, of: count, records: count, ledger: ledgerSchema }).optional(),
})
export type StageSummary = z.infer<typeof stageSummary>

export const judgedCriterion = z.object({
  figure: z.string(),
  /** What the figure counts, in words. */
  meaning: z.string(),
  is: z.enum(['atLeast', 'atMost', 'exactly']),
  limit: z.number(),
  breachAt: z.number().optional(),
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
