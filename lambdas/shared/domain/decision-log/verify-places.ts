import type { SignedEntry } from './entry.ts'
import { differingFields, type Examined } from './examine-entry.ts'
import type { Finding } from './finding.ts'

/** What one side of a chain has at a place. */
export type Found =
  Examined | { readonly status: 'missing' } | { readonly status: 'moved'; readonly from: number }

/** A place at which either side has anything. */
export interface Place {
  /** Number of the entry whose place it is. */
  readonly entry: number
  readonly table: Found
  readonly copy: Found
}

/** With which entry each side ends. */
export type Ends = Readonly<Record<'table' | 'copy', number>>

export const signedOf = (found: Found): SignedEntry | undefined =>
  found.status === 'authentic' ? found.signed : undefined

/** What is wrong at a place within the log. */
export function sidesOf(place: Place, chosen: SignedEntry | undefined, ends: Ends): Finding[] {
  const { entry, table, copy } = place
  const findings: Finding[] = []
  const [a, b] = [signedOf(table), signedOf(copy)]
  const fields = a && b ? differingFields(a, b) : []
  if (fields.length > 0) {
    const message = `entry ${entry} is signed twice: table and copy differ in ${fields.join(', ')}`
    findings.push({ kind: 'forked', side: 'both', entry, message })
  }
  for (const side of ['table', 'copy'] as const) {
    // Named once, as a cut tail.
    if (place[side].status === 'missing' && entry > ends[side]) continue
    const problem = problemOf(place[side], chosen)
    if (problem)
      findings.push({
        ...problem,
        side,
        entry,
        message: `entry ${entry} ${whereOf[side]} ${problem.message}`,
      })
  }
  return findings
}

/** What stands behind the end of the log. */
export function added(place: Place): Finding[] {
  return (['table', 'copy'] as const).flatMap((side): Finding[] => {
    const problem = problemOf(place[side], undefined)
    if (problem === undefined || place[side].status === 'missing') return []
    const message = `entry ${place.entry} ${whereOf[side]} was added behind the end of the log: it ${problem.message}`
    return [{ kind: 'added', side, entry: place.entry, message }]
  })
}

/** Entries of which neither side has anything. One finding, however many: whoever adds an item chooses its number. */
export function gap(from: number, to: number): Finding[] {
  if (from > to) return []
  const which = from === to ? `entry ${from} is` : `entries ${from} to ${to} are`
  const message = `${which} gone from the table and from the copies`
  return [{ kind: 'missing', side: 'both', entry: from, message }]
}

const whereOf = { table: 'in the table', copy: 'in the copies' } as const

function problemOf(
  found: Found,
  chosen: SignedEntry | undefined,
): Pick<Finding, 'kind' | 'message'> | undefined {
  switch (found.status) {
    case 'authentic':
      return undefined
    case 'missing':
      return { kind: 'missing', message: 'is gone; the other side has it' }
    case 'moved':
      return { kind: 'moved', message: `is entry ${found.from}, put in its place` }
    case 'altered': {
      const fields = chosen && found.signed ? differingFields(found.signed, chosen) : []
      const differs = fields.length > 0 ? `; the other side differs in ${fields.join(', ')}` : ''
      return { kind: 'altered', message: `${found.problem}${differs}` }
    }
  }
}
