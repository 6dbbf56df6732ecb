import { spanMilliseconds, wakingMilliseconds, type GatePolicy, type Migration } from '../migration.ts'
import type { Finding } from './definition-problem.ts'

const oneYear = 365 * 86_400_000
const oneMinute = 60_000
/** Each time that a gate wakes is a few events in the history of the run, which all its gates share. */
const mostWakings = 200

/** Quorum, roles and spans of the gate. */
export function checkGate({ gate }: Migration): Finding[] {
  return [...roleProblems(gate), ...spanProblems(gate)].map(([field, message]) => ({
    field: `gate.${field}`,
    message,
  }))
}

type Problem = readonly [field: string, message: string]

function roleProblems({ quorum, override }: GatePolicy): Problem[] {
  const found: Problem[] = []
  if (Object.keys(quorum).length === 0) found.push(['quorum', 'names no role; say { steward: 1 }'])
  if (override !== undefined && Object.hasOwn(quorum, override)) {
    found.push(['override', `${override} is in the quorum as well; whoever may override is asked alone`])
  }
  return found
}

function spanProblems({ expiresAfter, remindEvery, escalation }: GatePolicy): Problem[] {
  const spans = { expiresAfter, remindEvery, ...(escalation && { 'escalation.after': escalation.after }) }
  const outside = Object.entries(spans).filter(([, span]) => {
    const length = spanMilliseconds(span)
    return length < oneMinute || length > oneYear
  })
  if (outside.length > 0) {
    return outside.map(([field, span]) => [field, `${span} is not between a minute and a year`])
  }
  const found: Problem[] = []
  const expiry = spanMilliseconds(expiresAfter)
  if (spanMilliseconds(remindEvery) > expiry) {
    found.push(['remindEvery', `is longer than expiresAfter, ${expiresAfter}`])
  }
  if (escalation && spanMilliseconds(escalation.after) >= expiry) {
    found.push(['escalation.after', `does not come before expiresAfter, ${expiresAfter}`])
  }
  const wakings = expiry / wakingMilliseconds({ remindEvery, escalation })
  if (wakings > mostWakings) {
    found.push([
      'remindEvery',
      `makes a gate wake ${Math.ceil(wakings)} times before it expires; ${mostWakings} times is the most`,
    ])
  }
  return found
}
