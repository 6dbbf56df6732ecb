import type { Checkpoint, Step } from '../domain/checkpoint.ts'

export interface BatchId {
  readonly migration: string
  readonly segment: string
  readonly manifest: string
  readonly batch: string
}

export interface Claim extends BatchId {
  readonly step: Step
  readonly lockToken: number
  readonly fingerprint: string
  /** Whether the batch goes no further than `transformed` in this stage; then `reconcile` starts from there. */
  readonly rehearsal?: boolean
}

/** Sends a batch back, so that steps are done again. */
export interface SendBack extends BatchId {
  /** `planned`: a staged object is gone. `extracted`: duplicate keys became known. */
  readonly to: 'planned' | 'extracted'
  readonly lockToken: number
  /** At least so many duplicates are known: then transform looks for their ordinals. */
  readonly duplicates?: number
}

/** `claimed`: the step has work to do, under the attempt in the checkpoint. `done`: it was finished before. */
export interface ClaimResult {
  readonly status: 'claimed' | 'done' | 'failed'
  readonly checkpoint: Checkpoint
}

/** Every transition is one conditional write that names the state, attempt and lock token it expects. */
export interface CheckpointStore {
  /**
   * Takes a batch for a step and counts the attempt; the first claim of `extract` creates the checkpoint, and
   * under a changed fingerprint begins it anew where nothing was loaded. Under a higher lock token, a batch that
   * failed is taken up again where it failed, and a reconciliation that found something is made again.
   * @throws LockLost, NotEligible, MappingChanged.
   */
  claim(claim: Claim): Promise<ClaimResult>

  /**
   * Replaces the checkpoint, if it still is under the same attempt and lock token, and nothing was written
   * since it was read. Answers what is stored now: the next save must come from that. A repeat of a write
   * whose answer was lost is a success. @throws AttemptSuperseded, LockLost.
   */
  save(id: BatchId, checkpoint: Checkpoint): Promise<Checkpoint>

  /**
   * Nothing happens where the batch stands at the beginning of that state, or before it; a step that is under
   * way is superseded. @throws LockLost, NotEligible when the batch is loaded, or has failed.
   */
  sendBack(request: SendBack): Promise<Checkpoint>

  get(id: BatchId): Promise<Checkpoint | undefined>

  /** All checkpoints of a manifest, in order of their batches. */
  list(id: Omit<BatchId, 'batch'>): AsyncIterable<Checkpoint>
}
