import { LockgateError } from '../../contract/errors.ts'
import type { Decision } from '../../contract/stages.ts'
import type { Gate } from '../gate.ts'
import { isClosing } from './status.ts'

const mostDecisions = 200
/** An item has 400 KB. What is left above this is for the decision that closes the gate, and for its log. */
const mostBytes = 256 * 1024

/** Keeps the item of a gate within bounds; a gate can always be closed. @throws TooManyDecisions. */
export function requireRoom(gate: Gate, decision: Decision): void {
  if (isClosing(decision)) return
  const inOpening = gate.decisions.filter(({ opening }) => opening === gate.opening).length
  if (inOpening < mostDecisions && Buffer.byteLength(JSON.stringify(gate)) < mostBytes) return
  throw new LockgateError(
    'TooManyDecisions',
    `gate ${gate.id} has taken ${inOpening} decisions, and keeps no more: it can only be closed, and opens anew in the next run`,
  )
}
