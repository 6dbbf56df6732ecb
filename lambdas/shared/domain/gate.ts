import { z } from 'zod'
import { decisions, expiryDecisions, gateStatuses, verdicts } from '../contract/stages.ts'
import { logDraft } from './decision-log/entry.ts'

const moment = z.int().positive()
const span = z.templateLiteral([z.number(), ' ', z.enum(['minutes', 'hours', 'days'])])

/** What one person decided at a gate, or `lockgate` when it expired. */
export const gateDecision = z.object({
  decision: z.enum(decisions),
  address: z.string(),
  role: z.string(),
  reason: z.string(),
  evidence: z.string(),
  at: moment,
  /** The opening in which it was decided: approvals count in their own. */
  opening: z.int().positive(),
  /** Hash of the link that decided. */
  link: z.string().optional(),
})
export type GateDecision = z.infer<typeof gateDecision>

/** The policy of a migration, as it was when this opening began: what happens at the gate is decided under it. */
export const storedPolicy = z.object({
  quorum: z.record(z.string(), z.int().positive()),
  override: z.string().optional(),
  fourEyes: z.boolean(),
  expiresAfter: span,
  onExpiry: z.enum(expiryDecisions),
  remindEvery: span,
  escalation: z.object({ after: span, to: z.string() }).optional(),
})
export type StoredPolicy = z.infer<typeof storedPolicy>

/**
 * The truth about a gate. `open` waits; `approved` and `overridden` let the stage pass; `repair` has the next run do
 * again what was not clean; `rollback` ends the segment's rollout, for good; `held` ends the run so that it can be started again,
 * at the same gate.
 */
export const gate = z.object({
  id: z.string(),
  migration: z.string(),
  segment: z.string(),
  stage: z.string(),
  run: z.string(),
  /** Highest fencing token that has written to this gate. */
  lockToken: z.int().positive().optional(),
  /** Who started the run that waits, as claimed. */
  startedBy: z.string(),
  /**
   * All who started a run that measured evidence of this opening or waited in it: together they are one pair of eyes.
   * The first is who had the evidence measured that is there now.
   */
  starters: z.array(z.string()),
  fingerprint: z.string(),
  /** SHA-256 of the evidence, and where it lies in the evidence bucket. */
  evidence: z.string(),
  evidenceKey: z.string(),
  /** SHA-256 of the report for people, which lies beside it. */
  report: z.string().optional(),
  verdict: z.enum(verdicts),
  status: z.enum(gateStatuses),
  policy: storedPolicy,
  openedAt: moment,
  expiresAt: moment,
  /** Counts the openings: a held gate that is reached again opens anew, with new links. */
  opening: z.int().positive(),
  /** When the escalation role was called in, in this opening. */
  escalatedAt: moment.optional(),
  /** The newest task token: a bell, nothing more. Never logged. */
  taskToken: z.string().optional(),
  /** When each person was last asked, in this opening and about this evidence. */
  asked: z.record(z.string(), moment),
  /** Of this opening, and the newest of earlier ones; the decision log has them all. */
  decisions: z.array(gateDecision),
  /** What has happened and is not in the decision log yet; written together with what it tells. */
  outbox: z.array(logDraft),
  /** All that ever were in the outbox: numbers them. */
  drafts: z.int().nonnegative(),
})
export type Gate = z.infer<typeof gate>

/** What a link stands for. Stored under the SHA-256 of the capability, never under the capability itself. */
export const capability = z.object({
  hash: z.string(),
  gate: z.string(),
  opening: z.int().positive(),
  address: z.string(),
  role: z.string(),
  expiresAt: moment,
})
export type Capability = z.infer<typeof capability>
