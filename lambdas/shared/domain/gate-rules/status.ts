import type { Decision, GateStatus } from '../../contract/stages.ts'

type Closing = Exclude<Decision, 'approve' | 'withdraw'>

const closings = {
  repair: 'repair',
  rollback: 'rollback',
  hold: 'held',
  override: 'overridden',
} as const satisfies Record<Closing, GateStatus>

/** Whether a decision closes a gate by itself, whoever takes it. */
export function isClosing(decision: Decision): decision is Closing {
  return Object.hasOwn(closings, decision)
}

/** What a gate comes to by a decision that closes it. */
export function statusAfter<D extends Closing>(decision: D): (typeof closings)[D] {
  return closings[decision]
}
