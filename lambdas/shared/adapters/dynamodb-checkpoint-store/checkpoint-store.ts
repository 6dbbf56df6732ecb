import { paginateQuery, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { LockgateError } from '../../contract/errors.ts'
import { checkpoint as checkpointSchema, type Checkpoint } from '../../domain/checkpoint.ts'
import { decideClaim, decideSendBack } from '../../domain/claim.ts'
import type { BatchId, CheckpointStore } from '../../ports/checkpoint-store.ts'
import { putRevision, readItem } from '../revisions.ts'

type ManifestId = Omit<BatchId, 'batch'>

/** Contending claims of one batch; more than this at once means that something else is wrong. */
const contentions = 8

const partition = (id: ManifestId) => `CHECKPOINTS#${id.migration}#${id.segment}#${id.manifest}`

/**
 * One item per batch. Each write replaces the whole item under the condition that its revision is still the
 * one that was read: so a repeat that arrives late can never put an earlier state back.
 */
export function dynamoDbCheckpointStore(client: DynamoDBDocumentClient, table: string): CheckpointStore {
  const placeOf = (id: BatchId) => ({ table, key: { pk: partition(id), sk: id.batch } })

  async function get(id: BatchId): Promise<Checkpoint | undefined> {
    const item = await readItem(client, placeOf(id))
    return item && checkpointSchema.parse(item['content'])
  }

  /** Writes `next` over what was read. `undefined`: another write came first. */
  async function replace(
    id: BatchId,
    next: Checkpoint,
    found: number | undefined,
  ): Promise<Checkpoint | undefined> {
    const content: Checkpoint = { ...next, revision: (found ?? 0) + 1 }
    return (await putRevision(client, placeOf(id), { content }, found)) ? content : undefined
  }

  /** Decides on the newest state until the write of the decision is the next one. */
  async function settle<T>(
    id: BatchId,
    decide: (found: Checkpoint | undefined) => { readonly result: T } | { readonly next: Checkpoint },
  ): Promise<{ readonly result: T } | { readonly saved: Checkpoint }> {
    for (let attempt = 0; attempt < contentions; attempt += 1) {
      const found = await get(id)
      const decision = decide(found)
      if ('result' in decision) return decision
      const saved = await replace(id, decision.next, found?.revision)
      if (saved) return { saved }
    }
    throw superseded(id)
  }

  return {
    get,

    async claim(request) {
      const settled = await settle(request, (found) => {
        const decision = decideClaim(found, request)
        return decision.status === 'claimed' ? { next: decision.next } : { result: decision }
      })
      return 'saved' in settled ? { status: 'claimed', checkpoint: settled.saved } : settled.result
    },

    async save(id, checkpoint) {
      const saved = await replace(id, checkpoint, checkpoint.revision)
      if (saved) return saved
      const now = await get(id)
      if (now && now.lockToken > checkpoint.lockToken) {
        throw new LockgateError('LockLost', `batch ${id.batch} of ${id.segment} was taken by a later run`)
      }
      throw superseded(id)
    },

    async sendBack(request) {
      const settled = await settle(request, (found) => {
        const next = decideSendBack(found, request)
        return next ? { next } : { result: found }
      })
      const checkpoint = 'saved' in settled ? settled.saved : settled.result
      if (!checkpoint) throw superseded(request)
      return checkpoint
    },

    async *list(id) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': partition(id) },
        },
      )
      for await (const page of pages) {
        for (const item of page.Items ?? []) yield checkpointSchema.parse(item['content'])
      }
    },
  }
}

function superseded(id: BatchId): LockgateError {
  const message = `a later attempt at batch ${id.batch} of ${id.segment} has begun; this one must stop, and nothing is lost`
  return new LockgateError('AttemptSuperseded', message)
}
