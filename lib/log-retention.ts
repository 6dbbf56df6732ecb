import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { LockgateError } from '../lambdas/shared/contract/errors.ts'

/** CloudWatch keeps logs for certain numbers of days only. @throws InvalidSettings for any other. */
export function retention(days: number): RetentionDays {
  const allowed = Object.values(RetentionDays).filter((value) => typeof value === 'number')
  const found = allowed.find((value) => Number(value) === days)
  if (found !== undefined) return found
  const known = allowed.map(Number).filter((value) => value !== Number(RetentionDays.INFINITE))
  throw new LockgateError(
    'InvalidSettings',
    `cdk.json: logRetentionDays is ${days}; CloudWatch knows ${known.join(', ')}`,
  )
}
