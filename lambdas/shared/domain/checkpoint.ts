import { z } from 'zod'
import { batchStates, type BatchState } from '../contract/stages.ts'
import { ledgerSchema } from './ledger.ts'

const count = z.int().nonnegative()
export const setDigest = z.object({ count, sum: z.string() })

/** How far a step is within a batch: chunks below `chunk` are done. */
export const progress = z.object({
  chunk: count,
  /** Where the extract step goes on reading: byte and line of the next record. */
  byte: count.optional(),
  line: count.optional(),
})

/** What a comparison of expected and actual records found in a batch. */
export const batchReconciliation = z.object({
  compared: count,
  missing: count,
  different: count,
  /** Records that differ, by field. */
  fields: z.record(z.string(), count),
  expected: setDigest,
  /** Name of the object with its control sums so far, where the segment has any (`archiveKeys.controlSums`). */
  controlSums: z.string().optional(),
})
export type BatchReconciliation = z.infer<typeof batchReconciliation>

/** The item that says how far a batch is (DESIGN, section 4). */
export const checkpoint = z.object({
  segment: z.string(),
  manifest: z.string(),
  batch: z.string(),
  state: z.enum(batchStates),
  /** Counts the claims of this batch; a claim's number fences its writes. */
  attempt: count,
  /** Counts the writes of this item. The store sets it; a late repeat of an earlier write is refused by it. */
  revision: count.optional(),
  /** Highest fencing token that has touched this batch. */
  lockToken: count,
  fingerprint: z.string(),
  generation: z.int().positive(),
  epoch: count,
  progress,
  ledger: ledgerSchema,
  /** Chunks of the undo log that are durable, by number. */
  undo: z.record(z.string(), z.string()),
  /** Digest of the mapped records, as staged. */
  mapped: setDigest,
  /** Where in the batch duplicate keys are known to be; raised by find-duplicates. */
  duplicates: count,
  reconciliation: batchReconciliation.optional(),
  failure: z
    .object({
      error: z.string(),
      message: z.string(),
      /** State from which a later run takes the batch up again; where it is not said, none does. */
      from: z.enum(batchStates).optional(),
      /** Whether it failed in a rehearsal. */
      rehearsal: z.boolean().optional(),
    })
    .optional(),
  /** Milliseconds spent per step, over all attempts; those of a rehearsal have names of their own (`effortName`). */
  milliseconds: z.record(z.string(), count),
  /** How often each step was begun, by the same names. */
  claims: z.record(z.string(), count).optional(),
  /** When staged objects were written, in milliseconds since 1970: they expire. */
  stagedAt: count.optional(),
})
export type Checkpoint = z.infer<typeof checkpoint>

export const steps = ['extract', 'transform', 'load', 'reconcile'] as const
export type Step = (typeof steps)[number]

/** Under which name the effort of a step is counted: what a rehearsal took is no effort of the stage that loads. */
export function effortName(step: Step, rehearsal: boolean): string {
  return rehearsal ? `rehearse ${step}` : step
}

/** What was counted under the names of a rehearsal, or of the stage that loads, by step. */
export function effortOf(
  counted: Readonly<Record<string, number>> | undefined,
  rehearsal: boolean,
): Readonly<Record<Step, number>> {
  const of = (step: Step) => counted?.[effortName(step, rehearsal)] ?? 0
  return { extract: of('extract'), transform: of('transform'), load: of('load'), reconcile: of('reconcile') }
}

interface Transition {
  /** States in which the step has work to do. */
  readonly from: readonly BatchState[]
  /** States in which its work is done already. */
  readonly done: readonly BatchState[]
}

const afterExtract: readonly BatchState[] = ['extracted', 'transformed', 'loading', 'loaded', 'reconciled']

/** `loading` may be entered again: a retry goes on where the last finished chunk was recorded. */
export const transitions: Readonly<Record<Step, Transition>> = {
  extract: { from: ['planned'], done: afterExtract },
  transform: { from: ['extracted'], done: ['transformed', 'loading', 'loaded', 'reconciled'] },
  load: { from: ['transformed', 'loading'], done: ['loaded', 'reconciled'] },
  reconcile: { from: ['loaded'], done: ['reconciled'] },
}
