import type { Fields } from '../domain/value.ts'

/** One intended write. Key attributes stand in `key` and in `after`. */
export interface TargetWrite {
  readonly key: Fields
  /** Owned fields as they must be now; `undefined`: the record must be absent. */
  readonly expected: Fields | undefined
  /** Owned fields as they shall be. A field that is `undefined` is removed. */
  readonly after: Fields
}

/** `refused`: the target did not hold what was expected; nothing was written. */
export type WriteOutcome = 'written' | 'refused'

export interface ScanPage {
  readonly keys: readonly Fields[]
  /** Where to go on; absent at the end. */
  readonly next?: string
}

/** One segment's target, seen through its scope and its owned fields. */
export interface Target {
  /** @throws TargetMissing, saying what is there and what the definition expects. */
  check(): Promise<void>

  /** @throws IndexKeyMismatch where the contract lets in what the key of an index cannot be. */
  checkIndexes(): Promise<void>

  /** Owned fields and key of each record, in the order of the keys, read consistently; absent is `undefined`. */
  read(keys: readonly Fields[], signal?: AbortSignal): Promise<(Fields | undefined)[]>

  /**
   * Writes each record under its condition, and leaves attributes alone that the mapping does not own.
   * Throttling slows it down. @throws TargetThrottled when `signal` aborts first,
   * ConditionTooLarge, ItemTooLarge, UnknownTargetError.
   */
  write(writes: readonly TargetWrite[], signal?: AbortSignal): Promise<WriteOutcome[]>

  /** Keys within the scope, page by page, of one of `total` equal parts of the table. */
  scan(part: number, total: number, after?: string, signal?: AbortSignal): Promise<ScanPage>
}
