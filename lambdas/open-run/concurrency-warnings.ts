import type { StageNode } from '../shared/domain/waves.ts'
import type { FunctionLimits } from '../shared/ports/function-limits.ts'

/** What the run may need at once, and what Lambda gives. A warning never stops a run: calls that are throttled come again. */
export async function concurrencyWarnings(
  concurrency: number,
  waves: readonly (readonly StageNode[])[],
  functions: readonly string[],
  limits: FunctionLimits,
): Promise<string[]> {
  const batches = concurrency * Math.max(1, ...waves.map((nodes) => nodes.length))
  const warnings: string[] = []
  const tooMany = (limit: number, where: string) =>
    warnings.push(
      `up to ${batches} batches run at once, and Lambda runs at most ${limit} at once of ${where}: calls will be ` +
        'throttled and made again, which is slow. Lower "concurrency", in the input or in cdk.json, or have the limit raised',
    )
  const reserved = await Promise.all(functions.map((name) => limits.reserved(name)))
  functions.forEach((name, at) => {
    const limit = reserved[at]
    if (limit !== undefined && batches > limit) tooMany(limit, name)
  })
  if (reserved.every((limit) => limit !== undefined)) return warnings
  const limit = await limits.unreserved()
  if (batches >= limit)
    tooMany(limit, 'everything in this account and Region that has no concurrency of its own')
  return warnings
}
