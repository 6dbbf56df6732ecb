import { createRequire } from 'node:module'
import database, { type Refusal, type Store } from 'dynalite/db/index.js'
import validations, { type Types } from 'dynalite/validations/index.js'
import { expressionRefusal } from './expression-limits.ts'

type Fields = Record<string, unknown>
type Action = (store: Store, data: Fields, done: (error: Refusal | null, result?: Fields) => void) => void

interface Operation {
  readonly types: Types
  readonly custom: unknown
  readonly run: Action
}

/** An answer that is not a success, as DynamoDB words it. */
export class DynamoDbError extends Error {
  readonly statusCode: number
  readonly body: Fields

  constructor(type: string, message: string, statusCode = 400) {
    super(message)
    this.statusCode = statusCode
    this.body = { __type: type, message }
  }
}

const names = [
  ...['BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DeleteTable', 'DescribeTable'],
  ...['DescribeTimeToLive', 'GetItem', 'ListTables', 'ListTagsOfResource', 'PutItem', 'Query', 'Scan'],
  ...['TagResource', 'UntagResource', 'UpdateItem', 'UpdateTable'],
]

const load = createRequire(import.meta.url)
const operations = new Map(names.map((name) => [name, operationOf(name)]))

function operationOf(name: string): Operation {
  const file = `${name[0]?.toLowerCase()}${name.slice(1)}.js`
  const { types, custom } = load(`dynalite/validations/${file}`) as { types: Types; custom: unknown }
  return { types, custom, run: load(`dynalite/actions/${file}`) as Action }
}

/**
 * dynalite drops the fields it does not know. This one it can be taught, since all three writes test their
 * condition through one function, under the lock of the item: what it saw is what the caller must get.
 */
const onFailure = 'ReturnValuesOnConditionCheckFailure'
for (const name of ['PutItem', 'UpdateItem', 'DeleteItem']) {
  const operation = operations.get(name)
  if (operation) operation.types[onFailure] = { type: 'String', enum: ['ALL_OLD', 'NONE'] }
}
// A store on one machine has no replica that could lag: every scan is a consistent one.
const scan = operations.get('Scan')
if (scan) scan.types['ConsistentRead'] = { type: 'Boolean' }

const checkConditional = database.checkConditional.bind(database)
database.checkConditional = (data, existing) => {
  const refusal = checkConditional(data, existing)
  if (refusal?.body && data[onFailure] === 'ALL_OLD' && existing) refusal.body['Item'] = existing
  return refusal
}

/** Throws a DynamoDbError, or what dynalite refuses with: an error with `statusCode` and `body`. */
export function perform(store: Store, name: string, input: Fields): Promise<Fields> {
  const operation = operations.get(name)
  if (operation === undefined) {
    const message = `The local DynamoDB does not offer ${name}`
    throw new DynamoDbError('com.amazon.coral.service#UnknownOperationException', message)
  }
  const unknown = Object.keys(input).filter((field) => !(field in operation.types) && input[field] !== null)
  if (unknown.length > 0) {
    const message = `The local DynamoDB does not support ${unknown.join(', ')} of ${name}`
    throw new DynamoDbError('com.amazon.coral.validate#ValidationException', message)
  }
  const tooLarge = expressionRefusal(input)
  if (tooLarge !== undefined)
    throw new DynamoDbError('com.amazon.coral.validate#ValidationException', tooLarge)
  const data = validations.checkTypes(input, operation.types)
  validations.checkValidations(data, operation.types, operation.custom, store)
  return new Promise((resolve, reject) =>
    operation.run(store, data, (error, result) => (error ? reject(error) : resolve(result ?? {}))),
  )
}
