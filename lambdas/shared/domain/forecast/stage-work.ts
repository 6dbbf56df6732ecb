import type { Step } from '../checkpoint.ts'

/** What a stage has to do: its batches as they were planned, and what rehearse made of them. */
export interface StageWork {
  readonly stage: string
  readonly batches: number
  readonly records: number
  /** Items that go to the target, and what each of them takes of DynamoDB, added up. */
  readonly mapped: { readonly records: number; readonly writeUnits: number; readonly readUnits: number }
  /** Bytes of all items of the segment, where the stage ends with a scan of the whole target. */
  readonly scannedBytes: number
}

export interface Circumstances {
  /** Batches at once. */
  readonly concurrency: number
  /** Memory of the functions that work on batches. */
  readonly memoryMiB: Readonly<Record<Step, number>>
  /** Whether load reads the target before it writes. */
  readonly readsFirst: boolean
}

/** What rehearse took. */
export interface Rehearsed {
  readonly records: number
  /** From the beginning of the stage to its end. */
  readonly seconds: number
  /** Of functions, over all batches and attempts. */
  readonly milliseconds: Readonly<Record<Step, number>>
}

const scanUnit = 4_096

/** Read units of a stage: each item to reconcile it, once more before it is written, and the scan at its end. */
export function readUnitsOf(
  mapped: { readonly readUnits: number; readonly comparedShare: number },
  scannedBytes: number,
  readsFirst: boolean,
): number {
  const each = mapped.readUnits * ((readsFirst ? 1 : 0) + mapped.comparedShare)
  return Math.round(each + Math.ceil(scannedBytes / scanUnit))
}

/** Functions called once per batch and step, and those of the stage itself. */
export const requestsOf = (batches: number, stepsPerBatch: number): number => batches * stepsPerBatch + 6
