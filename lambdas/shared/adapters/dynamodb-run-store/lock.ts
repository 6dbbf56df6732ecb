import {
  PutCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { z } from 'zod'
import { LockgateError } from '../../contract/errors.ts'
import type { Lock, RunStore } from '../../ports/run-store.ts'
import { isConditionFailure, type RunItems } from './items.ts'

const lockItem = z.object({ token: z.int().positive(), holders: z.array(z.string()) })
const sk = 'LOCK'

type LockKeeper = Pick<RunStore, 'lock' | 'takeLock' | 'joinLock' | 'requireLock' | 'releaseLock'>

/** The lock of a migration: one item with a growing token, changed only from the state that was seen. */
export function lockKeeper(client: DynamoDBDocumentClient, table: string, items: RunItems): LockKeeper {
  async function read(migration: string): Promise<Lock | undefined> {
    const item = await items.get(migration, sk)
    return item && { migration, ...lockItem.parse(item) }
  }

  async function requireLock(migration: string, token: number): Promise<void> {
    const now = await read(migration)
    if (now?.token !== token || now.holders.length === 0) throw lost(migration, token, now)
  }

  return {
    lock: read,
    requireLock,

    async takeLock(migration, executionArn, seen) {
      const lock: Lock = { migration, token: (seen?.token ?? 0) + 1, holders: [executionArn] }
      const condition = seen
        ? {
            // Under one token, holders only ever join, or all leave at once.
            ConditionExpression: '#token = :token AND size(holders) = :holders',
            ExpressionAttributeNames: { '#token': 'token' },
            ExpressionAttributeValues: { ':token': seen.token, ':holders': seen.holders.length },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }
      const Item = { pk: items.partition(migration), sk, token: lock.token, holders: lock.holders }
      try {
        await client.send(new PutCommand({ TableName: table, Item, ...condition }))
      } catch (cause) {
        if (!isConditionFailure(cause)) throw cause
        // The write of a retry whose first answer was lost: the lock is ours already.
        const now = await read(migration)
        if (now?.token === lock.token && now.holders[0] === executionArn) return now
        throw new LockgateError('LockHeld', `another run of ${migration} took the lock at the same moment`, {
          cause,
        })
      }
      return lock
    },

    async joinLock(migration, token, executionArn) {
      const isChanged = await changeHolders(migration, token, {
        UpdateExpression: 'SET holders = list_append(holders, :joined)',
        ConditionExpression: '#token = :token AND size(holders) > :none AND NOT contains(holders, :one)',
        ExpressionAttributeValues: { ':joined': [executionArn], ':one': executionArn, ':none': 0 },
      })
      if (!isChanged) await requireLock(migration, token)
    },

    async releaseLock(migration, token) {
      // Where another run has taken it over, there is nothing of ours to free.
      await changeHolders(migration, token, {
        UpdateExpression: 'SET holders = :nobody',
        ConditionExpression: '#token = :token',
        ExpressionAttributeValues: { ':nobody': [] },
      })
    },
  }

  /** Whether the condition held. */
  async function changeHolders(
    migration: string,
    token: number,
    change: Pick<
      UpdateCommandInput,
      'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'
    >,
  ): Promise<boolean> {
    const command = new UpdateCommand({
      ...change,
      TableName: table,
      Key: { pk: items.partition(migration), sk },
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':token': token },
    })
    try {
      await client.send(command)
      return true
    } catch (error) {
      if (isConditionFailure(error)) return false
      throw error
    }
  }
}

function lost(migration: string, token: number, now: Lock | undefined): LockgateError {
  const holder = now?.holders[0] ?? 'nobody'
  return new LockgateError(
    'LockLost',
    `the lock of ${migration} has token ${now?.token ?? 0}, held by ${holder}; this run has ${token}. Start the migration again: finished work is kept`,
  )
}
