import type { Link } from '../../lambdas/shared/domain/gate-rules/choices.ts'
import type { Gate, GateDecision } from '../../lambdas/shared/domain/gate.ts'
import type { SealedEvidence } from '../../lambdas/shared/domain/evidence-document.ts'

export const openedAt = Date.UTC(2026, 0, 1, 3)
const hour = 3_600_000

/** The link of each person of the gate below. */
export const linkOf = (role: string): Link => ({
  hash: role.padEnd(64, '0'),
  address: `${role}@example.com`,
  role,
})

/** An open gate of three roles on this evidence, with an override, escalation and four eyes. */
export function gateOn({ hash, evidence }: SealedEvidence, changes: Partial<Gate> = {}): Gate {
  const { migration, segment, stage, run, fingerprint } = evidence.summary
  return {
    ...{
      id: `${migration}.${segment}.${stage}.0123456789abcdef`,
      migration,
      segment,
      stage,
      run,
      fingerprint,
    },
    ...{ startedBy: 'operator@example.com', starters: ['operator@example.com'] },
    ...{ evidence: hash, evidenceKey: 'key', verdict: evidence.verdict, status: 'open' },
    policy: {
      quorum: { steward: 1, qa: 1, operations: 1 },
      override: 'owner',
      fourEyes: true,
      expiresAfter: '3 days',
      onExpiry: 'hold',
      remindEvery: '12 hours',
      escalation: { after: '24 hours', to: 'owner' },
    },
    ...{ openedAt, expiresAt: openedAt + 72 * hour, opening: 1 },
    ...{ asked: {}, decisions: [], outbox: [], drafts: 1 },
    ...changes,
  }
}

const reasons: Readonly<Record<GateDecision['decision'], string>> = {
  approve: 'Counts and samples look right.',
  repair: 'Seven names have lost their accents;\nplease load them again.',
  rollback: 'The wrong export was loaded.',
  hold: 'Not in the week of the audit.',
  override: 'The three quarantined records are known, ticket 4711.',
  withdraw: 'I looked at the wrong sample.',
}

/** What somebody of a role decides at this gate, so many hours after it was opened. */
export function decisionOf(
  gate: Gate,
  role: string,
  decision: GateDecision['decision'],
  hours: number,
): GateDecision {
  const { hash: link, address } = linkOf(role)
  const { evidence, opening } = gate
  const at = gate.openedAt + hours * hour
  return { decision, address, role, reason: reasons[decision], evidence, at, opening, link }
}

/** The gate after these decisions, without asking whether they may be taken. */
export function decidedBy(
  gate: Gate,
  ...taken: readonly (readonly [role: string, decision: GateDecision['decision'], hours: number])[]
): Gate {
  const decisions = taken.map(([role, decision, hours]) => decisionOf(gate, role, decision, hours))
  return { ...gate, decisions: [...gate.decisions, ...decisions] }
}
