import { z } from 'zod'
import { auditedGate, type AuditedGate } from '../lambdas/shared/domain/decision-log/audited-gate.ts'
import type { SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { TrustedKeys } from '../lambdas/shared/domain/decision-log/examine-entry.ts'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { verifyGate } from '../lambdas/shared/domain/decision-log/verify-gates.ts'
import { verdictSource, verifyVerdict } from '../lambdas/shared/domain/decision-log/verify-verdict.ts'
import { auditStages, unreadable } from './audit-stages.ts'
import { evidenceVerdict } from './evidence-verdict.ts'
import { GrowingLog } from './growing-log.ts'
import { readItem, type Item } from './read-items.ts'
import type { AuditScope } from './scope.ts'

const gateItem = z.looseObject({ content: auditedGate })

/** Gates of which the items are in memory at once. */
const atOnce = 20
/** Each further look means that the gate has recorded something meanwhile. */
const mostLooks = 20

/**
 * Whether gates and stages say what the log says, also while people decide. A gate records an event in the same write as
 * the change that it tells, in its outbox; from there it goes into the log, and only then out of the outbox. So the log,
 * read up to its end before the item and after it, has everything that the item knows, in it or in the item's outbox; and
 * where the second reading has no further event of this gate, it had nothing that the item does not know. Where it has
 * one, the item is read again.
 */
export async function auditGates(
  scope: AuditScope,
  keys: TrustedKeys,
  entries: readonly SignedEntry[],
): Promise<{ readonly findings: Finding[]; readonly notes: string[] }> {
  const log = new GrowingLog(scope, keys, entries)
  const findings = await auditStages(scope, log)
  const notes: string[] = []
  const looks = new Map(log.gates.map((id) => [id, 0]))
  const waiting = log.gates
  let done = 0
  while (waiting.length > 0) {
    const items = await itemsOf(scope, waiting.splice(0, atOnce))
    const changed = await log.grow()
    for (const id of [...changed].filter((one) => !looks.has(one))) {
      looks.set(id, 0)
      waiting.push(id)
    }
    for (const [id, item] of items) {
      const look = (looks.get(id) ?? 0) + 1
      looks.set(id, look)
      if (changed.has(id)) {
        if (look === mostLooks) throw new Error(`gate ${id} changed ${look} times while it was audited`)
        waiting.push(id)
        continue
      }
      const judged = await judge(scope, id, item, log.of(id))
      findings.push(...judged.findings)
      notes.push(...judged.notes)
      scope.progress('gates', (done += 1), looks.size)
    }
  }
  return { findings, notes }
}

async function itemsOf(
  { connection, places }: AuditScope,
  ids: readonly string[],
): Promise<Map<string, Item | undefined>> {
  const items = new Map<string, Item | undefined>()
  for (const id of ids) {
    const key = { pk: `GATE#${id}`, sk: 'GATE' }
    items.set(id, await readItem(connection.tables, places.gateTable, key))
  }
  return items
}

interface Judged {
  readonly findings: readonly Finding[]
  readonly notes: readonly string[]
}

async function judge(
  scope: AuditScope,
  id: string,
  item: Item | undefined,
  entries: readonly SignedEntry[],
): Promise<Judged> {
  if (item === undefined) return { findings: [gone(id)], notes: [] }
  const gate = gateItem.safeParse(item).data?.content
  if (gate === undefined) return { findings: [unreadable(`GATE#${id}`)], notes: [] }
  if (gate.id !== id) return { findings: [moved(id, gate)], notes: [] }
  const waiting = gate.outbox.length
  return {
    findings: [...verifyGate(gate, entries), ...(await verdictFindings(scope, gate, entries))],
    notes:
      waiting === 0
        ? []
        : [`${waiting} events of gate ${id} wait to be appended; no stage goes on before they are`],
  }
}

async function verdictFindings(
  scope: AuditScope,
  gate: AuditedGate,
  entries: readonly SignedEntry[],
): Promise<Finding[]> {
  const source = verdictSource(gate, entries)
  if (source === undefined) return []
  const told = 'verdict' in source ? source : await evidenceVerdict(scope, source)
  return told === undefined ? [] : verifyVerdict(gate, told)
}

const moved = (id: string, gate: AuditedGate): Finding => ({
  ...{ kind: 'moved', side: 'gate', at: id },
  message: `the item of gate ${id} is that of gate ${gate.id}, put in its place`,
})

const gone = (id: string): Finding => ({
  ...{ kind: 'missing', side: 'gate', at: id },
  message: `gate ${id} is in the log, and its item is gone`,
})
