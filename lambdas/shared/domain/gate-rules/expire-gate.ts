import type { Gate, GateDecision } from '../gate.ts'
import { logged, nobody } from './outbox.ts'
import { statusAfter } from './status.ts'

/** The gate as it is by now: one whose time is over has come to what its policy says. */
export function inTime(gate: Gate, now: number): Gate {
  return gate.status === 'open' && gate.expiresAt <= now ? expired(gate, now) : gate
}

function expired(gate: Gate, at: number): Gate {
  const { onExpiry } = gate.policy
  const reason = `Nobody decided in ${gate.policy.expiresAfter}, so the gate came to: ${onExpiry}.`
  const { evidence, opening } = gate
  const decision: GateDecision = { decision: onExpiry, ...nobody, reason, evidence, opening, at }
  const status = statusAfter(onExpiry)
  const over: Gate = { ...gate, status, decisions: [...gate.decisions, decision] }
  return logged(over, { kind: 'expired', at, ...nobody, reason, detail: { status } })
}
