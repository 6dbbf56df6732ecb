import { spanMilliseconds, type Migration } from '../migration.ts'
import type { Finding } from './definition-problem.ts'

const oneYear = 365 * 86_400_000
const oneMinute = 60_000

/** Quorum and spans of the gate. */
export function checkGate({ gate }: Migration): Finding[] {
  const found: Finding[] = []
  const roles = Object.entries(gate.quorum)
  if (roles.length === 0) found.push({ field: 'gate.quorum', message: 'names no role; say { steward: 1 }' })
  if (roles.length > 1 || roles.some(([, people]) => people > 1)) {
    found.push({
      field: 'gate.quorum',
      message:
        'asks for more than one person; this version takes one role with 1, several come with a later one',
    })
  }
  for (const field of ['expiresAfter', 'remindEvery'] as const) {
    const span = spanMilliseconds(gate[field])
    if (span < oneMinute || span > oneYear) {
      found.push({ field: `gate.${field}`, message: `${gate[field]} is not between a minute and a year` })
    }
  }
  if (spanMilliseconds(gate.remindEvery) > spanMilliseconds(gate.expiresAfter)) {
    found.push({ field: 'gate.remindEvery', message: `is longer than expiresAfter, ${gate.expiresAfter}` })
  }
  return found
}
