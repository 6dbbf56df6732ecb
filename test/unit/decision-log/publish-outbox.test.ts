import { expect, test } from 'vitest'
import type { LogDraft } from '../../../lambdas/shared/domain/decision-log/entry.ts'
import { publishOutbox } from '../../../lambdas/shared/ports/publish-outbox.ts'
import { FakeDecisionLog } from '../../support/fake-decision-log.ts'
import { Interruption } from '../../support/interruptions.ts'
import { draftNamed } from '../../support/log-drafts.ts'

interface Outboxed {
  readonly migration: string
  readonly outbox: readonly LogDraft[]
}

/** One gate, of which only the outbox matters. */
class OneGate {
  content: Outboxed | undefined
  async gate(): Promise<Outboxed | undefined> {
    return structuredClone(this.content)
  }
  async updateGate(_id: string, change: (gate: Outboxed) => Outboxed | undefined): Promise<Outboxed> {
    if (this.content === undefined) throw new Error('no gate')
    this.content = change(this.content) ?? this.content
    return structuredClone(this.content)
  }
}

const drafts = (...ids: string[]) => ids.map((id) => draftNamed(id))
const idsIn = (log: FakeDecisionLog) => log.events('places').map(({ id }) => id)

function world(...ids: string[]) {
  const gates = new OneGate()
  gates.content = { migration: 'places', outbox: drafts(...ids) }
  return { gates, log: new FakeDecisionLog() }
}

test('what is in the outbox is in the log, in its order, and in the outbox no more', async () => {
  const ports = world('1', '2', '3')
  expect(await publishOutbox('gate', ports)).toEqual({ migration: 'places', outbox: [] })
  expect(idsIn(ports.log)).toEqual(['1', '2', '3'])
  expect(await publishOutbox('gate', ports)).toEqual({ migration: 'places', outbox: [] })
})

test('what is added meanwhile is in the log as well, before the gate is answered', async () => {
  const ports = world('1')
  const log = {
    append: async (chain: string, draft: LogDraft) => {
      if (draft.id === '1') ports.gates.content = { migration: 'places', outbox: drafts('1', '2') }
      return ports.log.append(chain, draft)
    },
  }
  expect(await publishOutbox('gate', { gates: ports.gates, log })).toMatchObject({ outbox: [] })
  expect(idsIn(ports.log)).toEqual(['1', '2'])
})

test('a crash at any call loses nothing and repeats nothing', async () => {
  for (const when of ['before', 'after'] as const) {
    for (let last = 1; last <= 4; last += 1) {
      const { gates, log } = world('1', '2')
      const dies = new Interruption(last, when)
      const ports = { gates: dies.of(gates, 'gate', 'updateGate'), log: dies.of(log, 'append') }
      await expect(publishOutbox('gate', ports)).rejects.toMatchObject({ name: 'Crash' })
      await publishOutbox('gate', { gates, log })
      expect(idsIn(log)).toEqual(['1', '2'])
      expect(gates.content).toMatchObject({ outbox: [] })
    }
  }
})

test('a gate that is not there has nothing to publish', async () => {
  expect(await publishOutbox('gate', { gates: new OneGate(), log: new FakeDecisionLog() })).toBeUndefined()
})
