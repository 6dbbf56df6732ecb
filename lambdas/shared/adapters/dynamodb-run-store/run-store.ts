import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { z } from 'zod'
import { manifestHeader } from '../../domain/manifest.ts'
import { stageKey, stageRecord } from '../../domain/stage-record.ts'
import type { RunStore } from '../../ports/run-store.ts'
import { LockgateError } from '../../contract/errors.ts'
import { putRevision } from '../revisions.ts'
import { RunItems } from './items.ts'
import { lockKeeper } from './lock.ts'

const writtenItem = z.object({ lockToken: z.int().optional(), revision: z.int().optional() })

interface Writing {
  readonly migration: string
  readonly sk: string
  readonly lockToken: number
}

/** One run writes at a time, and one step of it: that many lost races mean that something else is wrong. */
const mostRaces = 8

/** Lock, manifests, stages and failures, as items under one partition key per migration. */
export function dynamoDbRunStore(client: DynamoDBDocumentClient, table: string): RunStore {
  const items = new RunItems(client, table)

  /** Writes what `change` makes of the newest content, over what no later run has written. @throws LockLost. */
  async function change<T>(
    { migration, sk, lockToken }: Writing,
    schema: z.ZodType<T>,
    changed: (content: T | undefined) => T | undefined,
  ): Promise<T | undefined> {
    for (let race = 0; race < mostRaces; race += 1) {
      const item = await items.get(migration, sk)
      const found = writtenItem.parse(item ?? {})
      if ((found.lockToken ?? 0) > lockToken) {
        throw new LockgateError('LockLost', `a later run of ${migration} has written ${sk}; this run is over`)
      }
      const before = item && schema.parse(item.content)
      const content = changed(before)
      if (content === undefined) return before
      const place = items.place(migration, sk)
      if (await putRevision(client, place, { lockToken, content }, found.revision)) return content
    }
    throw new Error(`${sk} of ${migration} changed ${mostRaces} times while it was to be written; try again`)
  }

  return {
    ...lockKeeper(client, table, items),

    async manifest(migration, segment) {
      const item = await items.get(migration, manifestKey(segment))
      return item && manifestHeader.parse(item.content)
    },
    async saveManifest(migration, manifest, lockToken) {
      const sk = manifestKey(manifest.segment)
      await change({ migration, sk, lockToken }, manifestHeader, () => manifest)
    },
    async stage(migration, segment, stage) {
      const item = await items.get(migration, stageKey({ segment, stage }))
      return item && stageRecord.parse(item.content)
    },
    async stages(migration) {
      const found = await items.query(migration, 'STAGE#')
      return found.map((item) => stageRecord.parse(item.content))
    },
    async updateStage(at, lockToken, changed) {
      const writing = { migration: at.migration, sk: stageKey(at), lockToken }
      return change(writing, stageRecord, (record) => {
        const content = changed(record)
        return content && { ...content, lockToken }
      })
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
