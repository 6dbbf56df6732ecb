import { randomInt } from 'node:crypto'
import type { FaultOptions } from '../faults/fault-plan.ts'
import type { FaultCounts } from '../faults/disturbance.ts'
import type { RunOptions } from './run-options.ts'

/** A seed that is not given is any, so that it can be told. */
export function faultsOf({ faults, seed }: Pick<RunOptions, 'faults' | 'seed'>): FaultOptions | undefined {
  return faults === undefined ? undefined : { share: faults, seed: seed ?? randomInt(2 ** 31) }
}

export const faultsAnnounced = ({ share, seed }: FaultOptions): string =>
  `Faults: ${percent(share)} of the calls to S3 and DynamoDB fail, with --seed ${seed}.`

export const faultsCounted = ({ calls, failed }: FaultCounts): string =>
  `Faults: ${failed} of ${calls} calls failed (${percent(failed / Math.max(1, calls))}).`

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`
