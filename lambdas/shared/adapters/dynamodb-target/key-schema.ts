import {
  DescribeTableCommand,
  ResourceNotFoundException,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import type { z } from 'zod'
import { LockgateError } from '../../contract/errors.ts'
import type { DynamoDbTarget } from '../../domain/definition/target.ts'
import { keyNames } from '../../domain/mapping/owned-fields.ts'

type KeyType = 'S' | 'N' | 'B'

/** @throws TargetMissing, saying what is there and what the definition expects. */
export async function requireKeySchema(
  client: DynamoDBClient,
  table: string,
  target: DynamoDbTarget,
): Promise<void> {
  const Table = await describeTable(client, table, target.at)
  const roles = ['HASH', 'RANGE'] as const
  const found = roles.flatMap((role) => {
    const name = Table?.KeySchema?.find((key) => key.KeyType === role)?.AttributeName
    const type = Table?.AttributeDefinitions?.find((one) => one.AttributeName === name)?.AttributeType
    return name === undefined ? [] : [{ name, type }]
  })
  const shape: Readonly<Record<string, z.core.$ZodType>> = target.record.shape
  const wanted = keyNames({ target }).map((name) => ({ name, type: keyTypeOf(shape[name]) }))
  const fits =
    wanted.length === found.length &&
    wanted.every(({ name, type }, i) => {
      return found[i]?.name === name && (type === undefined || found[i].type === type)
    })
  if (fits) return
  const shown = (keys: readonly { name: string; type: string | undefined }[]) =>
    keys.map(({ name, type = 'any' }) => `${name} (${type})`).join(', ') || 'none'
  throw new LockgateError(
    'TargetMissing',
    `table ${table} (target ${target.at}) has the key ${shown(found)}, and the definition expects ${shown(wanted)}: ` +
      'correct the key of the definition, or name another table in cdk.json',
  )
}

/** @throws TargetMissing. */
export async function describeTable(client: DynamoDBClient, table: string, at: string) {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: table }))).Table
  } catch (cause) {
    if (!(cause instanceof ResourceNotFoundException)) throw cause
    const message = `table ${table} (target ${at}) does not exist in this account and region: create it, or correct cdk.json`
    throw new LockgateError('TargetMissing', message, { cause })
  }
}

/** The attribute type that a contract makes of a key field; `undefined` where it cannot be told from outside. */
export function keyTypeOf(contract: z.core.$ZodType | undefined): KeyType | undefined {
  const def = contract?._zod.def
  switch (def?.type) {
    case 'string':
    case 'template_literal':
    case 'enum':
      return 'S'
    case 'number':
    case 'bigint':
      return 'N'
    default:
      return undefined
  }
}
