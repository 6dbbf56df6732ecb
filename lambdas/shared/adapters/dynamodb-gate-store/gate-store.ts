import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { z } from 'zod'
import { LockgateError } from '../../contract/errors.ts'
import { capability, gate, type Gate } from '../../domain/gate.ts'
import type { GateStore } from '../../ports/gate-store.ts'
import { putRevision, readItem } from '../revisions.ts'

/** `revision` counts the writes of a gate; each names the one that it has seen. */
const gateItem = z.object({ revision: z.int().positive(), content: gate })
const capabilityItem = z.object({ content: capability })

/** Two people and a state machine write to one gate; that many lost races mean that something else is wrong. */
const mostRaces = 25

const capabilityKey = (hash: string) => ({ pk: `CAPABILITY#${hash}`, sk: 'CAPABILITY' })

/** Gates and capabilities, each one item, read consistently. */
export function dynamoDbGateStore(client: DynamoDBDocumentClient, table: string): GateStore {
  const gateAt = (id: string) => ({ table, key: { pk: `GATE#${id}`, sk: 'GATE' } })
  const getGate = async (id: string) => {
    const item = await readItem(client, gateAt(id))
    return item && gateItem.parse(item)
  }

  const putGate = (content: Gate, seen?: number) => putRevision(client, gateAt(content.id), { content }, seen)

  return {
    async gate(id) {
      return (await getGate(id))?.content
    },

    async createGate(wanted) {
      if (await putGate(wanted)) return wanted
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
      const item = await readItem(client, { table, key: capabilityKey(hash) })
      return item && capabilityItem.parse(item).content
    },

    async saveCapability(content) {
      await client.send(
        new PutCommand({ TableName: table, Item: { ...capabilityKey(content.hash), content } }),
      )
    },
  }
}
