import { z } from 'zod'
import { verdicts } from '../contract/stages.ts'

/**
 * How far a stage of a segment is. `waiting`: its calendar is closed, and what was measured before stays; `running`: work is under way; `judged`: measured, a
 * gate is to decide; `passed` and `overridden`: what follows may begin; `repair`: the next run loads and measures again
 * what was not clean; `rollback`: the segment goes no further under this definition; `held`: the gate was put off, and
 * waits.
 */
export const stageRecord = z.object({
  segment: z.string(),
  stage: z.string(),
  status: z.enum(['waiting', 'running', 'judged', 'passed', 'overridden', 'repair', 'rollback', 'held']),
  fingerprint: z.string(),
  manifest: z.string().optional(),
  lockToken: z.int().positive(),
  run: z.string(),
  startedAt: z.iso.datetime(),
  verdict: z.enum(verdicts).optional(),
  /** SHA-256 of the evidence. */
  evidence: z.string().optional(),
  evidenceKey: z.string().optional(),
  gate: z.string().optional(),
  /** The wait for a calendar before it started; `until` is when the calendar opens, as far as is known. */
  window: z
    .object({
      calendar: z.string(),
      since: z.iso.datetime(),
      until: z.iso.datetime().optional(),
      /** Operators have been told. */
      isTold: z.boolean(),
    })
    .optional(),
})
export type StageRecord = z.infer<typeof stageRecord>

/** Sort key of a stage in the partition of its migration. Names have no `#`: each stage has a key of its own. */
export const stageKey = ({ segment, stage }: Pick<StageRecord, 'segment' | 'stage'>): string =>
  `STAGE#${segment}#${stage}`

/** Whether what follows the stage may begin. */
export function hasPassed(record: Pick<StageRecord, 'status'> | undefined): boolean {
  return record?.status === 'passed' || record?.status === 'overridden'
}
