import { z } from 'zod'
import type { RequestedAction, RequestScope, ServiceRequest } from './request.ts'
import { bodyOf, targetOperation, UnsupportedOperation } from './request.ts'

const OneTable = z.looseObject({ TableName: z.string(), IndexName: z.string().optional() })
const ManyTables = z.looseObject({ RequestItems: z.record(z.string(), z.unknown()) })
const Transaction = z.looseObject({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ TableName: z.string() }))),
})

/** Operations on one table, whose action has the name of the operation. */
const onTable = new Set([
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeContinuousBackups',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
  'UpdateTimeToLive',
])
/** Parts of a transaction are authorized as the single operations. */
const transactionActions: Readonly<Record<string, string>> = {
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
}

export function dynamodbActions(request: ServiceRequest, scope: RequestScope): readonly RequestedAction[] {
  const operation = targetOperation(request, 'DynamoDB_20120810')
  const action = `dynamodb:${operation}`
  if (onTable.has(operation)) {
    const { TableName, IndexName } = bodyOf(request, OneTable)
    const table = tableArn(TableName, scope)
    // Reading an index takes permission on the index, not on its table.
    return [
      {
        action,
        resourceArns: [IndexName === undefined ? table : `${table}/index/${IndexName}`],
        context: {},
      },
    ]
  }
  switch (operation) {
    case 'BatchGetItem':
    case 'BatchWriteItem': {
      const tables = Object.keys(bodyOf(request, ManyTables).RequestItems)
      return [{ action, resourceArns: tables.map((table) => tableArn(table, scope)), context: {} }]
    }
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return bodyOf(request, Transaction).TransactItems.flatMap((item) =>
        Object.entries(item).map(([part, { TableName }]) => {
          const partAction = transactionActions[part]
          if (partAction === undefined)
            throw new UnsupportedOperation('dynamodb', `${operation} with ${part}`)
          return { action: partAction, resourceArns: [tableArn(TableName, scope)], context: {} }
        }),
      )
    case 'ListTables':
      return [{ action, resourceArns: ['*'], context: {} }]
    default:
      throw new UnsupportedOperation('dynamodb', operation)
  }
}

const tableArn = (table: string, { account, region }: RequestScope): string =>
  table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${account}:table/${table}`
