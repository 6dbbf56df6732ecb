import type { AttributeValue, PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { LockgateError } from '../../contract/errors.ts'
import { sameRecord } from '../../domain/comparison.ts'
import type { TargetWrite } from '../../ports/target.ts'
import { toAttribute, toItem } from './attribute-values.ts'

/** Limits of an expression ("Expression parameters" among the quotas of DynamoDB). */
const maxOperators = 300
const maxExpressionBytes = 4_096

/** The item is written if there is none under its key. */
export function createRequest(
  table: string,
  partitionKey: string,
  { after }: TargetWrite,
): PutItemCommandInput {
  return {
    TableName: table,
    Item: toItem(after),
    ConditionExpression: 'attribute_not_exists(#k)',
    ExpressionAttributeNames: { '#k': partitionKey },
  }
}

/**
 * Sets and removes what changes of the owned attributes, if each of them is as expected; what others keep in
 * the item stays. @throws ConditionTooLarge.
 */
export function updateRequest(
  table: string,
  keyNames: readonly string[],
  owned: readonly string[],
  { key, expected = {}, after }: TargetWrite,
): UpdateItemCommandInput {
  const names: Record<string, string> = { '#k': keyNames[0] ?? '' }
  const values: Record<string, AttributeValue> = {}
  const conditions = ['attribute_exists(#k)']
  const set: string[] = []
  const remove: string[] = []

  owned
    .filter((name) => !keyNames.includes(name))
    .forEach((name, i) => {
      const was = expected[name]
      const shall = after[name]
      names[`#${i}`] = name
      if (was === undefined) conditions.push(`attribute_not_exists(#${i})`)
      else {
        conditions.push(`#${i}=:e${i}`)
        values[`:e${i}`] = toAttribute(was)
      }
      if (sameRecord({ value: was }, { value: shall })) return
      if (shall === undefined) remove.push(`#${i}`)
      else {
        set.push(`#${i}=:a${i}`)
        values[`:a${i}`] = toAttribute(shall)
      }
    })

  const condition = conditions.join(' AND ')
  const update = [set.length > 0 && `SET ${set.join(',')}`, remove.length > 0 && `REMOVE ${remove.join(',')}`]
  const expression = update.filter((part) => part !== false).join(' ')
  requireSize(condition, 2 * conditions.length - 1)
  requireSize(expression, set.length + remove.length)
  return {
    TableName: table,
    Key: toItem(key),
    ConditionExpression: condition,
    ...(expression !== '' && { UpdateExpression: expression }),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  }
}

function requireSize(expression: string, operators: number): void {
  const bytes = Buffer.byteLength(expression)
  if (operators <= maxOperators && bytes <= maxExpressionBytes) return
  throw new LockgateError(
    'ConditionTooLarge',
    `an update of this many owned attributes takes ${operators} operators and ${bytes} bytes, and DynamoDB takes ` +
      `${maxOperators} and ${maxExpressionBytes}: own fewer attributes, or gather some of them in a map, under another ` +
      'name of the segment, because this one is refused with a changed mapping now',
  )
}
