import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { z } from 'zod'
import { LockgateError } from '../../contract/errors.ts'
import type { Segment } from '../../domain/definition/segment.ts'
import { keyNames, ownedFields } from '../../domain/mapping/owned-fields.ts'
import { describeTable, keyTypeOf } from './key-schema.ts'

const wanted: Readonly<Record<string, string>> = {
  S: 'a text that is not empty',
  N: 'a number',
  B: 'binary that is not empty',
}

/**
 * An owned attribute that is a key of a secondary index may be absent; then the item is not in the index. Whatever else
 * the index does not take, its contract has to refuse, because the write of such a record fails its whole batch. What
 * only the data can tell, such as a length, is left to that. @throws IndexKeyMismatch, TargetMissing.
 */
export async function requireIndexKeys(
  client: DynamoDBClient,
  table: string,
  { target, map }: Pick<Segment, 'target' | 'map'>,
): Promise<void> {
  const found = await describeTable(client, table, target.at)
  const shape: Readonly<Record<string, z.core.$ZodType>> = target.record.shape
  const own = ownedFields({ map }).filter((name) => !keyNames({ target }).includes(name))
  for (const { IndexName, KeySchema } of [
    ...(found?.GlobalSecondaryIndexes ?? []),
    ...(found?.LocalSecondaryIndexes ?? []),
  ]) {
    for (const { AttributeName: name = '' } of KeySchema ?? []) {
      const type = found?.AttributeDefinitions?.find((one) => one.AttributeName === name)?.AttributeType
      const contract = shape[name]
      if (!own.includes(name) || !contract || !type) continue
      const mapping = map[name]
      const isHashed = typeof mapping === 'object' && mapping.pii === 'hash'
      const wrong = otherThan(type, contract, isHashed)
      if (wrong === undefined) continue
      throw new LockgateError(
        'IndexKeyMismatch',
        `${name} is a key of the index ${IndexName} of table ${table} (target ${target.at}), which takes ${wanted[type]}, ` +
          `and the target's contract lets ${wrong} in: narrow the contract (absent is fine: then the item is not in the index), or ` +
          'take that index away',
      )
    }
  }
}

/** What of these a contract lets in, it lets in for real: contracts are code, and their shape says less. */
const probes: readonly unknown[] = [null, '', 'a', '1', 1, true]
const hashProbes: readonly unknown[] = [null, 'a'.repeat(64)]

/** What a contract lets in that an index key of this type cannot be; `undefined` where nothing of the kind is known. */
function otherThan(type: string, contract: z.core.$ZodType, isHashed: boolean): string | undefined {
  const declared = keyTypeOf(withoutWrapping(contract))
  if (declared !== undefined && declared !== type) return declared === 'S' ? 'a text' : 'a number'
  for (const probe of isHashed ? hashProbes : probes) {
    const kind = kindOf(letIn(contract, probe))
    if (
      kind !== undefined &&
      !(type === 'S' && kind === 'a text') &&
      !(type === 'N' && kind === 'a number')
    ) {
      return kind
    }
  }
  return undefined
}

function withoutWrapping(contract: unknown): z.core.$ZodType | undefined {
  if (contract instanceof z.ZodOptional || contract instanceof z.ZodNullable) {
    return withoutWrapping(contract.unwrap())
  }
  return contract instanceof z.ZodType ? contract : undefined
}

/** What a contract makes of a value; `undefined` where it refuses it, or cannot say. */
function letIn(contract: z.core.$ZodType, value: unknown): unknown {
  try {
    return z.safeParse(contract, value).data
  } catch {
    // Code of the contract that expects another value, or an asynchronous one, which the mapping refuses by name.
    return undefined
  }
}

function kindOf(value: unknown): string | undefined {
  if (value === null) return 'null'
  if (value === '') return 'an empty text'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number'
  return typeof value === 'boolean' ? 'a boolean' : undefined
}
