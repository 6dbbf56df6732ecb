import type { ManifestHeader } from '../domain/manifest.ts'
import type { StageRecord } from '../domain/stage-record.ts'

export interface Lock {
  readonly migration: string
  /** Grows with every run that takes the lock. */
  readonly token: number
  /** ARNs of the executions that hold it: the run, and the stages it started. Empty when released. */
  readonly holders: readonly string[]
}

/** An execution that ended badly, for the record. */
export interface RecordedFailure {
  readonly at: string
  readonly execution: string
  readonly status: string
  readonly error?: string
  readonly cause?: string
}

export interface StageId {
  readonly migration: string
  readonly segment: string
  readonly stage: string
}

/** What a record is to become; the store adds the token that it was written under. */
export type StageChange = Omit<StageRecord, 'lockToken'>

/** The lock, the frozen manifests and the stages of a migration. */
export interface RunStore {
  lock(migration: string): Promise<Lock | undefined>
  /** Takes the lock if it still is as `seen`. @throws LockHeld. */
  takeLock(migration: string, executionArn: string, seen: Lock | undefined): Promise<Lock>
  /** Adds an execution to the holders. @throws LockLost. */
  joinLock(migration: string, token: number, executionArn: string): Promise<void>
  /** @throws LockLost when another run has the lock. */
  requireLock(migration: string, token: number): Promise<void>
  /** Frees the lock; nothing happens when another run has it. */
  releaseLock(migration: string, token: number): Promise<void>

  manifest(migration: string, segment: string): Promise<ManifestHeader | undefined>
  saveManifest(migration: string, manifest: ManifestHeader, lockToken: number): Promise<void>

  stage(migration: string, segment: string, stage: string): Promise<StageRecord | undefined>
  /** In order of segment and stage. */
  stages(migration: string): Promise<StageRecord[]>
  /**
   * Applies `change` to the newest record of a stage, and writes it if nothing has changed meanwhile, else tries again.
   * `change` returns `undefined` to leave the record as it is; where the answer to a write was lost, it may see a record
   * that it has changed before. Answers the record as it is in the store. @throws LockLost when a later run has written it.
   */
  updateStage(
    at: StageId,
    lockToken: number,
    change: (record: StageRecord | undefined) => StageChange | undefined,
  ): Promise<StageRecord | undefined>
  recordFailure(migration: string, failure: RecordedFailure): Promise<void>
}
