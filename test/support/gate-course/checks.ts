import { expect } from 'vitest'
import type { GateStatus } from '../../../lambdas/shared/contract/stages.ts'
import type { Gate } from '../../../lambdas/shared/domain/gate.ts'
import type { StageRecord } from '../../../lambdas/shared/domain/stage-record.ts'
import type { GateWorld } from '../gate-world.ts'

export const stageAfter: Record<Exclude<GateStatus, 'open'>, StageRecord['status']> = {
  approved: 'passed',
  overridden: 'overridden',
  repair: 'repair',
  rollback: 'rollback',
  held: 'held',
}

export const isAfterGate = (status: StageRecord['status']) => Object.values(stageAfter).includes(status)

/** Only an open gate takes a decision, on the evidence that it shows, by somebody in the role. */
export function checkDecided(before: Gate, after: Gate, { approvers, clock }: GateWorld): void {
  const news = after.decisions.slice(before.decisions.length)
  if (news.length > 0) expect([before.status, before.expiresAt > clock.now()]).toEqual(['open', true])
  for (const { evidence, opening } of news)
    expect([evidence, opening]).toEqual([before.evidence, before.opening])
  for (const { address, role } of news) expect(approvers[role]).toContain(address)
  checkLinks(after)
}

/** A link decides once, and withdraws once; whatever arrives again changes nothing. */
function checkLinks({ decisions, opening }: Gate): void {
  const uses = decisions
    .filter((one) => one.opening === opening && one.link !== undefined)
    .map(({ link, decision }) => `${link} ${decision === 'withdraw' ? 'withdraws' : 'decides'}`)
  expect(new Set(uses).size).toBe(uses.length)
}

/** A stage leaves its gate: all that happened there is in the log, and it is what the gate came to. */
export function checkLeft(gate: Gate, { status, evidence }: StageRecord, { log }: GateWorld): void {
  const logged = log.events('places')
  expect(gate.outbox).toEqual([])
  expect(logged.map(({ id }) => id)).toHaveLength(gate.drafts)
  expect(new Set(logged.map(({ id }) => id)).size).toBe(gate.drafts)
  expect(evidence).toBe(gate.evidence)
  expect(gate.status === 'open' ? 'open' : stageAfter[gate.status]).toBe(status)
  const last = logged.at(-1)
  if (status === 'passed') expect(last).toMatchObject({ kind: 'quorum-completed', evidence })
  if (status === 'overridden') expect(last).toMatchObject({ kind: 'overridden', evidence })
  if (status === 'rollback') expect(last?.kind).toMatch(/^(rolled-back|expired)$/)
}

/** Nobody of the escalation's role could have approved before, so all of them are among those just mailed. */
export function checkCalledIn(before: number, standIn: string, { notifier, approvers }: GateWorld): void {
  const asked = notifier.approverMails.slice(before).map(({ address }) => address)
  expect(asked).toEqual(expect.arrayContaining(approvers[standIn] ?? []))
}
