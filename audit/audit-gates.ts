import { z } from 'zod'
import type { SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { auditedGate, verifyGate, verifyStage } from '../lambdas/shared/domain/decision-log/verify-gates.ts'
import { stageRecord } from '../lambdas/shared/domain/stage-record.ts'
import type { AuditScope } from './scope.ts'
import { readItem, readPartitionItems } from './read-items.ts'

const gateItem = z.looseObject({ content: auditedGate })
const stageItem = z.looseObject({ content: stageRecord })

/** Whether gates and stages say what the log says. */
export async function auditGates(
  { connection, places, chain, progress }: AuditScope,
  entries: readonly SignedEntry[],
): Promise<{ readonly findings: Finding[]; readonly notes: string[] }> {
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
    if (record === undefined) {
      findings.push(unreadable(String(item['sk'])))
      continue
    }
    if (record.gate !== undefined) named.add(record.gate)
    findings.push(...verifyStage(record, entries))
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
    findings.push(...verifyGate(gate, entries))
    const waiting = gate.outbox.length
    if (waiting > 0)
      notes.push(`${waiting} events of gate ${id} wait to be appended; no stage goes on before they are`)
  }
  return { findings, notes }
}

const unreadable = (at: string): Finding => ({
  ...{ kind: 'altered', side: 'gate', at },
  message: `the item ${at} is not of the form that is written`,
})

const gone = (id: string): Finding => ({
  ...{ kind: 'missing', side: 'gate', at: id },
  message: `gate ${id} is in the log, and its item is gone`,
})
