import { z } from 'zod'
import { flat, ofType, type Template } from './synthesised.ts'

const many = <T extends z.ZodType>(item: T) => z.union([z.array(item), item.transform((one) => [one])])

const statement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: many(z.string()),
  Resource: many(z.unknown()).default([]),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
})
const policy = z.looseObject({ PolicyDocument: z.object({ Statement: z.array(statement) }) })

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  /** Flattened; `arn:<AWS::Partition>:s3:::…`. */
  readonly resources: readonly string[]
  /** By operator and key; values flattened. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** Policies of roles, by the id that the role has in its stack: `Extract`, `StageMachine`. */
export function rolePolicies(template: Template): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>()
  for (const [id, { Properties }] of ofType(template, 'AWS::IAM::Policy')) {
    const owner = id.slice(0, id.indexOf('RoleDefaultPolicy'))
    const statements = policy.parse(Properties).PolicyDocument.Statement.map((one) => ({
      effect: one.Effect,
      actions: one.Action,
      resources: one.Resource.map(flat),
      conditions: mapValues(one.Condition, (keys) =>
        mapValues(keys, (value) => (Array.isArray(value) ? value : [value]).map(flat)),
      ),
    }))
    found.set(owner, statements)
  }
  return found
}

/** `action on resource`, for each pair that the statements allow. */
export function allowed(statements: readonly Statement[] = []): string[] {
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => `${action} on ${shorten(resource)}`)),
    )
    .sort()
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

const shorten = (resource: string): string =>
  resource
    .replace('arn:<AWS::Partition>:', '')
    .replaceAll('<AWS::Region>', '')
    .replaceAll('<AWS::AccountId>', '')
