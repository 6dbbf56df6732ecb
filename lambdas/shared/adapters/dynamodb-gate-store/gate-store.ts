import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { z } from 'zod'
import { LockgateError } from '../../contract/errors.ts'
import { capability, gate, type Gate } from '../../domain/gate.ts'
import type { GateStore } from '../../ports/gate-store.ts'

/** `revision` counts the writes of a gate; each names the one that it has seen. */
const gateItem = z.object({ revision: z.int().positive(), content: gate })
const capabilityItem = z.object({ content: capability })

/** Two people and a state machine write to one gate; that many lost races mean that something else is wrong. */
const mostRaces = 25

const gateKey = (id: string) => ({ pk: `GATE#${id}`, sk: 'GATE' })
const capabilityKey = (hash: string) => ({ pk: `CAPABILITY#${hash}`, sk: 'CAPABILITY' })

/** Gates and capabilities, each one item, read consistently. */
export function dynamoDbGateStore(client: DynamoDBDocumentClient, table: string): GateStore {
  const get = async (Key: { pk: string; sk: string }) => {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item
  }
  const getGate = async (id: string) => {
    const item = await get(gateKey(id))
    return item && gateItem.parse(item)
  }

  /** Writes the gate as the successor of revision `seen`, where 0 is no gate yet. Answers whether it was. */
  async function putGate(content: Gate, seen: number): Promise<boolean> {
    const Item = { ...gateKey(content.id), revision: seen + 1, content }
    const condition =
      seen === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': seen } }
    try {
      await client.send(new PutCommand({ TableName: table, Item, ...condition }))
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }

  return {
    async gate(id) {
      return (await getGate(id))?.content
    },

    async createGate(wanted) {
      if (await putGate(wanted, 0)) return wanted
      const there = await getGate(wanted.id)
      if (!there) throw new Error(`gate ${wanted.id} was there a moment ago; gates are never deleted`)
      return there.content
    },

    async updateGate(id, change) {
      for (let race = 0; race < mostRaces; race += 1) {
        const seen = await getGate(id)
        if (!seen) throw new LockgateError('GateNotFound', `there is no gate ${id}`)
        const changed = change(seen.content)
        if (!changed) return seen.content
        if (await putGate(changed, seen.revision)) return changed
      }
      throw new Error(`gate ${id} changed ${mostRaces} times while one change was to be written; try again`)
    },

    async capability(hash) {
      const item = await get(capabilityKey(hash))
      return item && capabilityItem.parse(item).content
    },

    async saveCapability(content) {
      await client.send(
        new PutCommand({ TableName: table, Item: { ...capabilityKey(content.hash), content } }),
      )
    },
  }
}
