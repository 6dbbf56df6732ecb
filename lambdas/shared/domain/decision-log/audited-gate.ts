import { z } from 'zod'
import { decisions, gateStatuses, verdicts } from '../../contract/stages.ts'
import { logDraft } from './entry.ts'

/** What of a gate's item the log can vouch for. */
export const auditedGate = z.object({
  id: z.string(),
  segment: z.string(),
  stage: z.string(),
  fingerprint: z.string(),
  opening: z.int().positive(),
  status: z.enum(gateStatuses),
  evidence: z.string(),
  evidenceKey: z.string(),
  verdict: z.enum(verdicts),
  decisions: z.array(
    z.object({
      decision: z.enum(decisions),
      address: z.string(),
      role: z.string(),
      reason: z.string(),
      evidence: z.string(),
      at: z.int(),
      opening: z.int(),
    }),
  ),
  outbox: z.array(logDraft),
})
export type AuditedGate = z.infer<typeof auditedGate>
export type AuditedDecision = AuditedGate['decisions'][number]
