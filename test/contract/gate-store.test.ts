import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbGateStore } from '../../lambdas/shared/adapters/dynamodb-gate-store/gate-store.ts'
import type { Gate } from '../../lambdas/shared/domain/gate.ts'
import type { GateStore } from '../../lambdas/shared/ports/gate-store.ts'
import { startDynamoDb, type DynamoDbServer } from '../support/dynamodb-server.ts'
import { FakeGateStore } from '../support/fake-gate-store.ts'

let server: DynamoDbServer
beforeAll(async () => {
  server = await startDynamoDb()
})
afterAll(() => server.stop())

const stores: Record<string, () => Promise<GateStore>> = {
  fake: async () => new FakeGateStore(),
  DynamoDB: async () => dynamoDbGateStore(server.documents, await server.table()),
}

const gate: Gate = {
  id: 'places.cities.pilot.0123456789abcdef',
  migration: 'places',
  segment: 'cities',
  stage: 'pilot',
  run: 'run-1',
  startedBy: 'operator@example.com',
  fingerprint: 'a'.repeat(64),
  evidence: 'b'.repeat(64),
  evidenceKey: 'evidence/places/cities/1.json',
  verdict: 'pass',
  status: 'open',
  starters: ['operator@example.com'],
  policy: {
    quorum: { steward: 1, qa: 2 },
    override: 'owner',
    fourEyes: true,
    expiresAfter: '3 days',
    onExpiry: 'rollback',
    remindEvery: '90 minutes',
    escalation: { after: '1.5 days', to: 'owner' },
  },
  openedAt: Date.UTC(2026, 0, 1),
  expiresAt: Date.UTC(2026, 0, 4),
  opening: 1,
  escalatedAt: Date.UTC(2026, 0, 2),
  asked: { 'one@example.com': Date.UTC(2026, 0, 1) },
  decisions: [],
  outbox: [
    {
      ...{ id: 'places.cities.pilot.0123456789abcdef#1#1', kind: 'gate-opened', at: Date.UTC(2026, 0, 1) },
      ...{ migration: 'places', segment: 'cities', stage: 'pilot', actor: 'lockgate', role: 'lockgate' },
      ...{ reason: 'caf\u00e9 \u{1f600}', evidence: 'b'.repeat(64), fingerprint: 'a'.repeat(64) },
      detail: { verdict: 'pass', lapsed: 0, first: true },
    },
  ],
  drafts: 1,
}
const decision = (address: string) => ({
  decision: 'hold' as const,
  address,
  role: 'steward',
  reason: 'caf\u00e9 \u{1f600}\nsecond line',
  evidence: gate.evidence,
  at: Date.UTC(2026, 0, 2),
  opening: 1,
  link: 'c'.repeat(64),
})

describe.each(Object.entries(stores))('a gate store (%s)', (_name, make) => {
  test('a gate is created once; who comes later is answered what is there', async () => {
    const store = await make()
    expect(await store.gate(gate.id)).toBeUndefined()
    expect(await store.createGate(gate)).toEqual(gate)
    expect(await store.createGate({ ...gate, verdict: 'fail' })).toEqual(gate)
    expect(await store.gate(gate.id)).toEqual(gate)
  })

  test('a change is written whole, and no change writes nothing', async () => {
    const store = await make()
    await store.createGate({ ...gate, taskToken: 'token' })
    const held: Gate = { ...gate, status: 'held', decisions: [decision('one@example.com')] }
    expect(await store.updateGate(gate.id, () => held)).toEqual(held)
    expect(await store.gate(gate.id)).toEqual(held)
    expect(await store.updateGate(gate.id, () => undefined)).toEqual(held)
  })

  test('of changes in the same moment each sees the one before', async () => {
    const store = await make()
    await store.createGate(gate)
    const people = Array.from({ length: 8 }, (_, i) => `person-${i}@example.com`)
    await Promise.all(
      people.map((person) =>
        store.updateGate(gate.id, (there) => ({
          ...there,
          decisions: [...there.decisions, decision(person)],
        })),
      ),
    )
    const after = await store.gate(gate.id)
    expect(after?.decisions.map(({ address }) => address).toSorted()).toEqual(people)
  })

  test('a change that refuses leaves the gate as it was', async () => {
    const store = await make()
    await store.createGate(gate)
    const refuse = () => {
      throw new Error('refused')
    }
    await expect(store.updateGate(gate.id, refuse)).rejects.toThrow('refused')
    expect(await store.gate(gate.id)).toEqual(gate)
  })

  test('a gate that is not there cannot be changed', async () => {
    const store = await make()
    await expect(store.updateGate('other', (there) => there)).rejects.toMatchObject({ name: 'GateNotFound' })
  })

  test('of many that create a gate at once, one does, and all are answered that one', async () => {
    const store = await make()
    const wanted = Array.from({ length: 5 }, (_, i) => ({ ...gate, run: `run-${i}` }))
    const answers = await Promise.all(wanted.map((one) => store.createGate(one)))
    const there = await store.gate(gate.id)
    expect(answers).toEqual(Array(5).fill(there))
  })

  test('what is answered, and what a change sees, is a copy', async () => {
    const store = await make()
    const created = await store.createGate(structuredClone(gate))
    const decisions = [decision('nobody@example.com')]
    Object.assign(created, { decisions })
    Object.assign((await store.gate(gate.id)) ?? {}, { decisions })
    await store.updateGate(gate.id, (there) => void Object.assign(there, { decisions }))
    Object.assign(await store.updateGate(gate.id, (there) => ({ ...there, taskToken: 'seven' })), {
      decisions,
    })
    expect(await store.gate(gate.id)).toEqual({ ...gate, taskToken: 'seven' })
  })

  test('gates with many long decisions are kept whole', async () => {
    const store = await make()
    await store.createGate(gate)
    const decisions = Array.from({ length: 100 }, (_, i) => ({
      ...decision(`person-${i}@example.com`),
      reason: '\u{1f600}'.repeat(500),
    }))
    await store.updateGate(gate.id, (there) => ({ ...there, decisions }))
    expect((await store.gate(gate.id))?.decisions).toEqual(decisions)
  })

  test('a capability is found by its hash', async () => {
    const store = await make()
    const capability = {
      hash: 'c'.repeat(64),
      gate: gate.id,
      opening: 1,
      address: 'one@example.com',
      role: 'steward',
      expiresAt: gate.expiresAt,
    }
    await store.saveCapability(capability)
    expect(await store.capability(capability.hash)).toEqual(capability)
    expect(await store.capability('d'.repeat(64))).toBeUndefined()
    await store.saveCapability({ ...capability, opening: 2 })
    expect(await store.capability(capability.hash)).toEqual({ ...capability, opening: 2 })
    expect(await store.gate(capability.hash)).toBeUndefined()
  })
})
