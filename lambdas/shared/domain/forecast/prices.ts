/**
 * List prices in USD of us-east-1, without the free tier, as AWS published them in November 2026. Whoever changes one
 * changes the date: it stands beside each forecast.
 */
export const prices = {
  date: 'November 2026',
  /** Standard workflows, per state transition. */
  transition: 0.025 / 1_000,
  /** On demand, per write of up to 1 KB. */
  writeUnit: 0.625 / 1_000_000,
  /** On demand, per consistent read of up to 4 KB. */
  readUnit: 0.125 / 1_000_000,
  /** Per invocation of a function. */
  request: 0.2 / 1_000_000,
  /** Of a function on x86; Arm is charged less. */
  gigabyteSecond: 0.0000166667,
} as const
