import { z } from 'zod'
import { decisions, runOutcomes, verdicts } from './stages.ts'

/**
 * What the states of `statemachines/*.asl.json` hand to one another. Payloads carry pointers and counts,
 * never records.
 */

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes')
const email = z.email()

/** Input of an execution of `migrate`, as an operator types it into the console. */
export const runInput = z.strictObject({
  migration: name,
  startedBy: email,
  /** Stop after this stage; by default the run goes through all of them. */
  until: name.optional(),
  /** Batches at once; by default what `cdk.json` says. */
  concurrency: z.int().min(1).max(1000).optional(),
})
export type RunInput = z.infer<typeof runInput>

/** What identifies a run; every function of it receives this. */
export const run = z.object({
  migration: name,
  /** Name of the execution. */
  id: z.string().min(1),
  executionArn: z.string().min(1),
  startedBy: email,
  startedAt: z.iso.datetime(),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  /** Fencing token: grows with each run, and every checkpoint transition presents it. */
  lockToken: z.int().positive(),
  concurrency: z.int().positive(),
})
export type Run = z.infer<typeof run>

/** One stage of one segment in one run. */
export const stageRef = z.object({ run, segment: name, stage: name })
export type StageRef = z.infer<typeof stageRef>

/** Input of `open-run`: what the operator typed is checked there, so that the error has a name. */
export const openRunInput = z.object({
  input: z.unknown(),
  execution: z.object({ arn: z.string().min(1), name: z.string().min(1), startedAt: z.iso.datetime() }),
})

export const openRunResult = z.object({
  run,
  /** Stages that may run side by side, wave after wave. */
  waves: z.array(z.object({ nodes: z.array(z.object({ segment: name, stage: name })) })),
  /** What an operator should know; nothing of it stops the run. */
  warnings: z.array(z.string()),
})
export type OpenRunResult = z.infer<typeof openRunResult>

/**
 * `run`: work to do. `wait`: so, but the calendar is closed. `gate`: measured earlier, and still to be decided or,
 * where it is, to be carried out. `skip`: passed, or not to be reached.
 */
export const beginStageResult = z.object({
  segment: name,
  stage: name,
  action: z.enum(['run', 'wait', 'gate', 'skip']),
  why: z.string(),
  /** Whether this stage plans the manifest (`rehearse`) or uses the frozen one. */
  plans: z.boolean(),
  loads: z.boolean(),
  checksWholeTarget: z.boolean(),
  /** Seconds between two reminders of an open gate. */
  remindSeconds: z.int().positive(),
  /** The calendar to wait for, where `action` is `wait`. */
  calendar: z.string().optional(),
  /** The gate to go back to, where `action` is `gate`. */
  gate: z.string().optional(),
})
export type BeginStageResult = z.infer<typeof beginStageResult>

/** Input of `await-window`. `checks`: how often this execution of `window` has looked before. */
export const awaitWindowInput = stageRef.extend({ calendar: z.string(), checks: z.int().nonnegative() })
export type AwaitWindowInput = z.infer<typeof awaitWindowInput>

export const awaitWindowResult = awaitWindowInput.extend({
  isOpen: z.boolean(),
  /** Open, or looked often enough for one execution: `migrate` asks again then. */
  isOver: z.boolean(),
  /** Seconds to wait before the next look. */
  waitSeconds: z.int().positive(),
  /** When the calendar opens; absent where it has no such time. */
  opensAt: z.iso.datetime().optional(),
})
export type AwaitWindowResult = z.infer<typeof awaitWindowResult>

/** A JSONL object in the archive bucket that a Distributed Map reads. */
export const listing = z.object({ bucket: z.string(), key: z.string(), count: z.int().nonnegative() })
export type Listing = z.infer<typeof listing>

/** Input of the first function of a stage, which joins the lock with the stage's own execution. */
export const stageEntry = stageRef.extend({ execution: z.string().min(1) })

/** A range of bytes to scan; one line of the listing that `survey-source` writes. */
export const surveyRange = z.object({
  object: z.int().nonnegative(),
  start: z.int().nonnegative(),
  end: z.int().positive(),
})
export type SurveyRange = z.infer<typeof surveyRange>

export const scanRangeInput = stageRef.extend({ survey: z.string(), range: surveyRange })
export const freezeManifestInput = stageRef.extend({ survey: z.string() })

/** The batches that a stage takes, and how its checks are divided. */
export const selection = listing.extend({
  manifest: z.string(),
  partitions: z.int().positive(),
  scanParts: z.int().positive(),
})
export type Selection = z.infer<typeof selection>

/** One line of a stage's manifest. */
export const batchRef = z.object({ batch: z.string().regex(/^\d{6,}$/) })

/** Input of extract, transform, load and reconcile. */
export const batchStep = stageRef.extend({
  manifest: z.string(),
  batch: batchRef.shape.batch,
  loads: z.boolean(),
})
export type BatchStep = z.infer<typeof batchStep>

/** Answer of the same: `outcome` is `failed` when the batch failed on its data. */
export const stepResult = z.object({
  isComplete: z.boolean(),
  outcome: z.enum(['ok', 'failed']),
})
export type StepResult = z.infer<typeof stepResult>

/** Input of the functions that work on one partition of the key index. */
export const partitionStep = stageRef.extend({ manifest: z.string(), partition: z.int().nonnegative() })
export type PartitionStep = z.infer<typeof partitionStep>

export const scanTargetInput = stageRef.extend({
  manifest: z.string(),
  part: z.int().nonnegative(),
  parts: z.int().positive(),
})

export const summariseInput = stageRef.extend({
  manifest: z.string(),
  startedAt: z.iso.datetime(),
  checksWholeTarget: z.boolean(),
})
export const judgeInput = stageRef.extend({ summaryKey: z.string() })
export const actInput = stageRef.extend({ gate: z.string() })
export const closeRunInput = openRunResult.pick({ run: true, warnings: true })
export type CloseRunInput = z.infer<typeof closeRunInput>

export const judgement = z.object({
  verdict: z.enum(verdicts),
  /** SHA-256 of the canonical evidence document. */
  evidence: z.string().regex(/^[0-9a-f]{64}$/),
  gate: z.string(),
})
export type Judgement = z.infer<typeof judgement>

/** Input of the gate's function, which Step Functions calls with a task token. */
export const awaitDecisionInput = stageRef.extend({ gate: z.string(), taskToken: z.string().min(1) })
export type AwaitDecisionInput = z.infer<typeof awaitDecisionInput>

/** What the gate answers to the state machine. */
export const gateAnswer = z.object({ gate: z.string(), decision: z.enum(decisions) })
export type GateAnswer = z.infer<typeof gateAnswer>

export const runResult = z.object({
  migration: name,
  run: z.string(),
  outcome: z.enum(runOutcomes),
  stages: z.array(
    z.object({
      segment: name,
      stage: name,
      status: z.string(),
      verdict: z.string().optional(),
      /** The calendar that it waited for before it started. */
      waited: z.object({ calendar: z.string(), since: z.string(), until: z.string() }).optional(),
    }),
  ),
})
export type RunResult = z.infer<typeof runResult>
