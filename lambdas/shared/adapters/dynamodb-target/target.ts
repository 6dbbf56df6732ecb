import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  PutItemCommand,
  ResourceNotFoundException,
  ScanCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb'
import { LockgateError } from '../../contract/errors.ts'
import { decodeFields, encodeFields } from '../../domain/canonical.ts'
import type { Segment } from '../../domain/definition/segment.ts'
import { keyNames, keyOf, ownedFields } from '../../domain/mapping/owned-fields.ts'
import type { Fields } from '../../domain/value.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Target, TargetWrite, WriteOutcome } from '../../ports/target.ts'
import { fromItem, toAttribute, toItem, type Item } from './attribute-values.ts'
import { requireIndexKeys } from './index-keys.ts'
import { requireKeySchema } from './key-schema.ts'
import { Pace } from './pace.ts'
import { createRequest, updateRequest } from './write-request.ts'

export interface DynamoDbTargetOptions {
  readonly client: DynamoDBClient
  readonly table: string
  readonly segment: Pick<Segment, 'target' | 'map'>
  readonly clock: Clock
  /** Requests at once. Default 48. */
  readonly concurrency?: number
  /** Called for each request that the table throttled. */
  readonly onThrottle?: () => void
}

/** Keys that one BatchGetItem takes. */
const keysPerRead = 100

/** A segment's records in a DynamoDB table. */
export function dynamoDbTarget(options: DynamoDbTargetOptions): Target {
  const { client, table, segment, clock, concurrency = 48, onThrottle } = options
  const keys = keyNames(segment)
  const owned = ownedFields(segment)
  const { scope } = segment.target
  const pace = new Pace({ clock, most: concurrency, ...(onThrottle && { onThrottle }) })
  const recordProjection = projection([...new Set([...keys, ...owned])])
  const keyProjection = projection(keys)

  async function writeOne(write: TargetWrite, abortSignal: AbortSignal): Promise<WriteOutcome> {
    const command = write.expected
      ? new UpdateItemCommand(updateRequest(table, keys, owned, write))
      : new PutItemCommand(createRequest(table, keys[0] ?? '', write))
    try {
      // Each branch sends its own kind of command; the client's overloads take them one by one.
      if (command instanceof PutItemCommand) await client.send(command, { abortSignal })
      else await client.send(command, { abortSignal })
      return 'written'
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'refused'
      throw refusalOf(error, table)
    }
  }

  /** Items of at most 100 distinct keys; what DynamoDB leaves unprocessed is asked for again. */
  async function readSome(wanted: readonly Fields[], abortSignal: AbortSignal): Promise<Item[]> {
    const found: Item[] = []
    let missing: Item[] | undefined = wanted.map(toItem)
    while (missing && missing.length > 0) {
      const RequestItems: Record<string, KeysAndAttributes> = {
        [table]: { Keys: missing, ConsistentRead: true, ...recordProjection },
      }
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems }), {
        abortSignal,
      })
      found.push(...(Responses?.[table] ?? []))
      const left: Item[] | undefined = UnprocessedKeys?.[table]?.Keys
      if (left && left.length === missing.length) throw unprocessed()
      missing = left
    }
    return found
  }

  return {
    async check() {
      await pace.all([segment.target], undefined, (target) => requireKeySchema(client, table, target))
    },

    async checkIndexes() {
      await pace.all([segment], undefined, (one) => requireIndexKeys(client, table, one))
    },

    async read(wanted, signal) {
      const texts = wanted.map(encodeFields)
      const distinct = [...new Map(texts.map((text, i) => [text, wanted[i] ?? {}])).values()]
      const pages = Array.from({ length: Math.ceil(distinct.length / keysPerRead) }, (_, i) =>
        distinct.slice(i * keysPerRead, (i + 1) * keysPerRead),
      )
      const found = new Map<string, Fields>()
      for (const items of await pace.all(pages, signal, readSome)) {
        for (const item of items) {
          const fields = fromItem(item)
          found.set(encodeFields(keyOf(segment, fields)), fields)
        }
      }
      return texts.map((text) => found.get(text))
    },

    write: (writes, signal) => pace.all(writes, signal, writeOne),

    async scan(part, total, after, signal) {
      const command = new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        Segment: part,
        TotalSegments: total,
        ProjectionExpression: keyProjection.ProjectionExpression,
        ExpressionAttributeNames: {
          ...keyProjection.ExpressionAttributeNames,
          ...(scope && { '#scope': scope.attribute }),
        },
        ...(scope && {
          FilterExpression: 'begins_with(#scope, :prefix)',
          ExpressionAttributeValues: { ':prefix': toAttribute(scope.prefix) },
        }),
        ...(after !== undefined && { ExclusiveStartKey: toItem(decodeFields(after)) }),
      })
      const [page] = await pace.all([command], signal, (one, abortSignal) =>
        client.send(one, { abortSignal }),
      )
      const next = page?.LastEvaluatedKey
      return { keys: (page?.Items ?? []).map(fromItem), ...(next && { next: encodeFields(fromItem(next)) }) }
    },
  }
}

/** Foreign attributes are not read: they are nobody's business here. */
function projection(names: readonly string[]) {
  return {
    ProjectionExpression: names.map((_, i) => `#p${i}`).join(','),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#p${i}`, name])),
  }
}

/** DynamoDB answers a batch read of which nothing could be served as throttled; so must be the waiting. */
function unprocessed(): Error {
  return Object.assign(new Error('no key of the batch was processed'), { name: 'ThrottlingException' })
}

function refusalOf(error: unknown, table: string): unknown {
  if (!(error instanceof Error)) return error
  if (error instanceof ResourceNotFoundException) {
    return new LockgateError('TargetMissing', `table ${table} does not exist any more`, { cause: error })
  }
  if (error.name !== 'ValidationException') return error
  if (/item size/i.test(error.message)) {
    const message =
      `an item of ${table} would grow beyond 400 KB together with what others keep in it: make room in that item ` +
      'and start the migration again, which goes on at this chunk'
    return new LockgateError('ItemTooLarge', message, { cause: error })
  }
  // Of what DynamoDB says no more is shown than this: elsewhere its words can hold a value.
  const isOfIndex = /index ?(key|name)/i.test(error.message)
  const message = isOfIndex
    ? `table ${table} refused a record for the key of a secondary index (${error.message}): take that index away and ` +
      'start the migration again, which goes on at this chunk; or leave the attribute absent in such records, in a ' +
      'migration of its own, because this one is refused with a changed mapping now'
    : `table ${table} refused a write that is within the known limits; the log of the function says why`
  return new LockgateError('UnknownTargetError', message, { cause: error })
}
