import type { Assembly } from '../assembly/model.ts'

export interface Place {
  readonly region: string
  readonly account: string
}

/** The region and account that the ARNs of an assembly are of. */
export function placeOf({ tables, topics, functions, stateMachines, keys }: Assembly): Place {
  const arn = [...tables, ...topics, ...functions, ...stateMachines, ...keys][0]?.arn.split(':')
  return { region: arn?.[3] ?? 'us-east-1', account: arn?.[4] ?? '000000000000' }
}
