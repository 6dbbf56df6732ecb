import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { manifestHeader } from '../../domain/manifest.ts'
import { stageRecord, type StageRecord } from '../../domain/stage-record.ts'
import type { RunStore } from '../../ports/run-store.ts'
import { LockgateError } from '../../contract/errors.ts'
import { isConditionFailure, RunItems } from './items.ts'
import { lockKeeper } from './lock.ts'

/** Lock, manifests, stages and failures, as items under one partition key per migration. */
export function dynamoDbRunStore(client: DynamoDBDocumentClient, table: string): RunStore {
  const items = new RunItems(client, table)

  async function putUnderToken(
    migration: string,
    sk: string,
    lockToken: number,
    content: object,
  ): Promise<void> {
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { pk: items.partition(migration), sk, lockToken, content },
          ConditionExpression: 'attribute_not_exists(pk) OR lockToken <= :token',
          ExpressionAttributeValues: { ':token': lockToken },
        }),
      )
    } catch (cause) {
      if (!isConditionFailure(cause)) throw cause
      throw new LockgateError('LockLost', `a later run of ${migration} has written ${sk}; this run is over`, {
        cause,
      })
    }
  }

  return {
    ...lockKeeper(client, table, items),

    async manifest(migration, segment) {
      const item = await items.get(migration, manifestKey(segment))
      return item && manifestHeader.parse(item.content)
    },
    async saveManifest(migration, manifest, lockToken) {
      await putUnderToken(migration, manifestKey(manifest.segment), lockToken, manifest)
    },
    async stage(migration, segment, stage) {
      const item = await items.get(migration, stageKey({ segment, stage }))
      return item && stageRecord.parse(item.content)
    },
    async stages(migration) {
      const found = await items.query(migration, 'STAGE#')
      return found.map((item) => stageRecord.parse(item.content))
    },
    async saveStage(migration, record) {
      await putUnderToken(migration, stageKey(record), record.lockToken, record)
    },
    async recordFailure(migration, failure) {
      const Item = {
        pk: items.partition(migration),
        sk: `FAILURE#${failure.at}#${failure.execution}`,
        content: failure,
      }
      await client.send(new PutCommand({ TableName: table, Item }))
    },
  }
}

const manifestKey = (segment: string) => `MANIFEST#${segment}`
const stageKey = (at: Pick<StageRecord, 'segment' | 'stage'>) => `STAGE#${at.segment}#${at.stage}`
