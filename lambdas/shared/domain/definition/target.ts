import type { z } from 'zod'

export type TargetContract = z.ZodObject

/** Which items of a table belong to a segment: those whose string key attribute starts with this prefix. */
export interface Scope {
  readonly attribute: string
  readonly prefix: string
}

/** A DynamoDB table. */
export interface DynamoDbTarget<T extends TargetContract = TargetContract> {
  readonly kind: 'dynamodb'
  /** Name of the target in `cdk.json`; the environment says which table it is. */
  readonly at: string
  readonly record: T
  /** Partition key, and sort key where the table has one. */
  readonly key: readonly [partition: string, sort?: string]
  /** `empty`: nothing of the scope is there before the first load, so the first write is a create. */
  readonly holds: 'empty' | 'records'
  /** Without a scope the whole table belongs to the segment. */
  readonly scope?: Scope
}

export type TargetSpec<T extends TargetContract = TargetContract> = DynamoDbTarget<T>

type KeyOf<T extends TargetContract> = keyof z.input<T> & string

/** A DynamoDB target. `holds` is `records` unless said otherwise. */
export function dynamoDb<T extends TargetContract>(
  options: Omit<DynamoDbTarget<T>, 'kind' | 'key' | 'holds'> & {
    readonly key: readonly [partition: KeyOf<T>, sort?: KeyOf<T>]
    readonly holds?: 'empty' | 'records'
  },
): DynamoDbTarget<T> {
  return { kind: 'dynamodb', holds: 'records', ...options }
}
