import * as dynamodb from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { requestedAction } from '../../../../local/permissions/requested-action.ts'
import { Capture, clientSettings } from './captured.ts'

const capture = new Capture()
const client = new dynamodb.DynamoDBClient(clientSettings(capture))
const scope = { account: '000000000000', region: 'us-east-1' }
const tables = 'arn:aws:dynamodb:us-east-1:000000000000:table'
const needs = async (send: () => Promise<unknown>) =>
  requestedAction(await capture.of('dynamodb', send), scope)

describe('DynamoDB', () => {
  const Key = { pk: { S: 'a' } }
  it.each([
    [new dynamodb.GetItemCommand({ TableName: 'Places', Key }), 'dynamodb:GetItem', `${tables}/Places`],
    [
      new dynamodb.PutItemCommand({ TableName: `${tables}/Places`, Item: Key }),
      'dynamodb:PutItem',
      `${tables}/Places`,
    ],
    [new dynamodb.UpdateItemCommand({ TableName: 'Places', Key }), 'dynamodb:UpdateItem', `${tables}/Places`],
    [
      new dynamodb.QueryCommand({ TableName: 'Places', IndexName: 'byName' }),
      'dynamodb:Query',
      `${tables}/Places/index/byName`,
    ],
    [new dynamodb.ScanCommand({ TableName: 'Places' }), 'dynamodb:Scan', `${tables}/Places`],
    [
      new dynamodb.DescribeTableCommand({ TableName: 'Places' }),
      'dynamodb:DescribeTable',
      `${tables}/Places`,
    ],
    [new dynamodb.ListTablesCommand({}), 'dynamodb:ListTables', '*'],
  ])('%#: one table', async (command, action, resource) => {
    // Each command has its own input type, which `send` cannot take from a union.
    const send = () => client.send(command as dynamodb.GetItemCommand)
    expect(await needs(send)).toEqual([{ action, resourceArns: [resource], context: {} }])
  })
  it('needs every table of a batch', async () => {
    const RequestItems = { Places: { Keys: [Key] }, Runs: { Keys: [Key] } }
    expect(await needs(() => client.send(new dynamodb.BatchGetItemCommand({ RequestItems })))).toEqual([
      { action: 'dynamodb:BatchGetItem', resourceArns: [`${tables}/Places`, `${tables}/Runs`], context: {} },
    ])
  })
  it('takes a transaction for its parts', async () => {
    const TransactItems = [
      { Put: { TableName: 'Places', Item: Key } },
      { ConditionCheck: { TableName: 'Runs', Key, ConditionExpression: 'attribute_exists(pk)' } },
    ]
    const actions = await needs(() => client.send(new dynamodb.TransactWriteItemsCommand({ TransactItems })))
    expect(actions.map(({ action, resourceArns }) => [action, ...resourceArns])).toEqual([
      ['dynamodb:PutItem', `${tables}/Places`],
      ['dynamodb:ConditionCheckItem', `${tables}/Runs`],
    ])
  })
  it('refuses PartiQL by name', async () => {
    const command = new dynamodb.ExecuteStatementCommand({ Statement: 'SELECT * FROM Places' })
    await expect(needs(() => client.send(command))).rejects.toThrow(/ExecuteStatement is not supported/)
  })
})
