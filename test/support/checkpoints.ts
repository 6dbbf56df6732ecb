import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import { checkpoint, type Checkpoint } from '../../lambdas/shared/domain/checkpoint.ts'
import { tableEndingWith } from './places-table.ts'

/** The checkpoint of every batch of a segment, by batch, as the table has it now. */
export async function checkpointsOf(
  dynamodb: DynamoDBClient,
  segment: string,
): Promise<Map<string, Checkpoint>> {
  const found = new Map<string, Checkpoint>()
  const client = DynamoDBDocumentClient.from(dynamodb)
  const TableName = await tableEndingWith(dynamodb, 'checkpoints')
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const { pk, content } of page.Items ?? []) {
      if (!String(pk).startsWith(`CHECKPOINTS#cities#${segment}#`)) continue
      const read = checkpoint.parse(content)
      found.set(read.batch, read)
    }
  }
  return found
}
