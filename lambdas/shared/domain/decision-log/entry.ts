import { z } from 'zod'
import type { Decision } from '../../contract/stages.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What an entry of the decision log can be about. */
export const logKinds = [
  'gate-opened',
  'asked',
  'reminded',
  'escalated',
  'link-opened',
  'approved',
  'sent-back',
  'rolled-back',
  'held',
  'overridden',
  'withdrawn',
  'expired',
  'evidence-changed',
  'quorum-completed',
  'refused',
  'source-refused',
] as const
export type LogKind = (typeof logKinds)[number]

/** How the log tells each decision. */
export const decisionKinds = {
  approve: 'approved',
  repair: 'sent-back',
  rollback: 'rolled-back',
  hold: 'held',
  override: 'overridden',
  withdraw: 'withdrawn',
} as const satisfies Record<Decision, LogKind>

/**
 * An event that is to be in the decision log. It is recorded together with what it is about (in the `outbox` of a
 * gate's item) and appended to the log after that: a crash in between loses nothing, and the id keeps a repeated
 * append from making a second entry.
 */
export const logDraft = z.object({
  /** Unique among all events, such as `<gate>#<sequence>`. */
  id: z.string().min(1),
  kind: z.enum(logKinds),
  /** Milliseconds since 1970. */
  at: z.int().positive(),
  migration: z.string(),
  segment: z.string().optional(),
  stage: z.string().optional(),
  gate: z.string().optional(),
  run: z.string().optional(),
  /** Address of the person; `lockgate` for what happened by itself; `unknown` for who could not be told. */
  actor: z.string(),
  role: z.string(),
  reason: z.string(),
  /** SHA-256 of the evidence that it is about. */
  evidence: sha256.optional(),
  /** Where that evidence lies in the evidence bucket. */
  evidenceKey: z.string().optional(),
  /** Fingerprint of the migration. */
  fingerprint: sha256.optional(),
  /** Error name and the like; never a capability, a task token or a value of a record. */
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
export type LogDraft = z.infer<typeof logDraft>

/** One entry of a chain: the event, its place, and the hash of the entry before it. */
export const logEntry = z.object({
  version: z.literal(1),
  /** Name of the migration, or `unattributed` for refused requests that name none. */
  chain: z.string(),
  /** From 1, without a gap. */
  sequence: z.int().positive(),
  /** `hash` of the entry before; 64 zeros for the first. */
  previous: sha256,
  event: logDraft,
})
export type LogEntry = z.infer<typeof logEntry>

/** An entry as it is stored, in the log table and under Object Lock. */
export const signedEntry = z.object({
  entry: logEntry,
  /** SHA-256 of the entry's canonical JSON (RFC 8785). */
  hash: sha256,
  /** Of the canonical JSON, by an asymmetric KMS key, in base64. */
  signature: z.string(),
  algorithm: z.string(),
  /** ARN of that key. */
  key: z.string(),
})
export type SignedEntry = z.infer<typeof signedEntry>

/** How long a chain is, and its last hash: goes into each mail, so that a cut tail is noticed. */
export const logHead = z.object({ length: z.int().nonnegative(), hash: sha256 })
export type LogHead = z.infer<typeof logHead>

export const noHash = '0'.repeat(64)
