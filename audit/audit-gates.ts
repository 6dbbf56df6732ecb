import { z } from 'zod'
import type { SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { auditedGate, type AuditedGate } from '../lambdas/shared/domain/decision-log/audited-gate.ts'
import { verifyGate } from '../lambdas/shared/domain/decision-log/verify-gates.ts'
import { verifyStage } from '../lambdas/shared/domain/decision-log/verify-stages.ts'
import { verdictSource, verifyVerdict } from '../lambdas/shared/domain/decision-log/verify-verdict.ts'
import { stageRecord } from '../lambdas/shared/domain/stage-record.ts'
import { evidenceVerdict } from './evidence-verdict.ts'
import type { AuditScope } from './scope.ts'
import { readItem, readPartitionItems } from './read-items.ts'

const gateItem = z.looseObject({ content: auditedGate })
const stageItem = z.looseObject({ content: stageRecord })

/** Whether gates and stages say what the log says. */
export async function auditGates(
  scope: AuditScope,
  entries: readonly SignedEntry[],
): Promise<{ readonly findings: Finding[]; readonly notes: string[] }> {
  const { connection, places, chain, progress } = scope
  const findings: Finding[] = []
  const notes: string[] = []
  const stages = await readPartitionItems(
    connection.tables,
    places.checkpointTable,
    `MIGRATION#${chain}`,
    'STAGE#',
  )
  const named = new Set(entries.flatMap(({ entry }) => entry.event.gate ?? []))
  for (const item of stages) {
    const record = stageItem.safeParse(item).data?.content
    const key = String(item['sk'])
    findings.push(...(record === undefined ? [unreadable(key)] : verifyStage(key, record, entries)))
  }
  let done = 0
  for (const id of named) {
    const item = await readItem(connection.tables, places.gateTable, { pk: `GATE#${id}`, sk: 'GATE' })
    const gate = gateItem.safeParse(item).data?.content
    progress('gates', (done += 1), named.size)
    if (gate === undefined) {
      findings.push(item === undefined ? gone(id) : unreadable(`GATE#${id}`))
      continue
    }
    if (gate.id !== id) {
      findings.push(moved(id, gate))
      continue
    }
    findings.push(...verifyGate(gate, entries), ...(await verdictFindings(scope, gate, entries)))
    const waiting = gate.outbox.length
    if (waiting > 0)
      notes.push(`${waiting} events of gate ${id} wait to be appended; no stage goes on before they are`)
  }
  return { findings, notes }
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

const unreadable = (at: string): Finding => ({
  ...{ kind: 'altered', side: 'gate', at },
  message: `the item ${at} is not of the form that is written`,
})

const moved = (id: string, gate: AuditedGate): Finding => ({
  ...{ kind: 'moved', side: 'gate', at: id },
  message: `the item of gate ${id} is that of gate ${gate.id}, put in its place`,
})

const gone = (id: string): Finding => ({
  ...{ kind: 'missing', side: 'gate', at: id },
  message: `gate ${id} is in the log, and its item is gone`,
})
