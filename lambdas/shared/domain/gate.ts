import { z } from 'zod'
import { decisions, verdicts } from '../contract/stages.ts'

const moment = z.int().positive()

/** What one person decided at a gate. */
export const gateDecision = z.object({
  decision: z.enum(decisions),
  address: z.string(),
  role: z.string(),
  reason: z.string(),
  evidence: z.string(),
  at: moment,
})
export type GateDecision = z.infer<typeof gateDecision>

/**
 * The truth about a gate. `open` waits; `approved` lets the stage pass; `rejected` ends the segment's
 * rollout; `held` ends the run so that it can be started again, at the same gate.
 */
export const gate = z.object({
  id: z.string(),
  migration: z.string(),
  segment: z.string(),
  stage: z.string(),
  run: z.string(),
  /** Highest fencing token that has written to this gate. */
  lockToken: z.int().positive().optional(),
  startedBy: z.string(),
  fingerprint: z.string(),
  /** SHA-256 of the evidence, and where it lies in the evidence bucket. */
  evidence: z.string(),
  evidenceKey: z.string(),
  verdict: z.enum(verdicts),
  status: z.enum(['open', 'approved', 'rejected', 'held']),
  quorum: z.record(z.string(), z.int().positive()),
  openedAt: moment,
  expiresAt: moment,
  /** Counts the openings: a held gate that is reached again opens anew, with new links. */
  opening: z.int().positive(),
  /** The newest task token: a bell, nothing more. Never logged. */
  taskToken: z.string().optional(),
  remindedAt: moment.optional(),
  decisions: z.array(gateDecision),
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
