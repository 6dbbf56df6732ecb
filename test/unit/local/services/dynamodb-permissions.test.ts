import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import * as lib from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import type { Guard } from '../../../../local/permissions/guard.ts'
import { account, clientOf, closedGuard, openGuard, region, role, start } from './fixtures.ts'

const TableName = 'places'

describe('permissions', () => {
  it('refuse a role as DynamoDB does, on both ports, and never the operator', async () => {
    const closed = await start({ guard: closedGuard })
    for (const endpoint of [closed.endpoint, closed.dynamodbEndpoint]) {
      const denied = new DynamoDBClient({ ...clientOf(closed, role.arn), endpoint })
      await expect(denied.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: `arn:aws:sts::${account}:assumed-role/load/local may not`,
        $metadata: { httpStatusCode: 400 },
      })
      const operator = new DynamoDBClient({ ...clientOf(closed), endpoint })
      expect((await operator.send(new ListTablesCommand({}))).TableNames).toEqual(['places'])
      const described = await operator.send(new DescribeTableCommand({ TableName }))
      expect(described.Table?.TableArn).toBe(`arn:aws:dynamodb:${region}:${account}:table/places`)
    }
    await closed.close()
  })

  it('are asked for once for each operation and table, without items', async () => {
    const asked: string[] = []
    const guard: Guard = {
      ...openGuard,
      refusalOf: (_principal, { headers, body }) =>
        void asked.push(`${String(headers['x-amz-target'])} ${body}`),
    }
    const watched = await start({ guard })
    const client = new DynamoDBClient(clientOf(watched, role.arn))
    const roleDocuments = lib.DynamoDBDocumentClient.from(client)
    for (const n of [1, 2, 3])
      await roleDocuments.send(new lib.PutCommand({ TableName, Item: { pk: `${n}`, sk: 'secret' } }))
    expect(asked).toEqual(['DynamoDB_20120810.PutItem {"TableName":"places"}'])
    await watched.close()
  })
})
