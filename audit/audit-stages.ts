import { z } from 'zod'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { verifyStage } from '../lambdas/shared/domain/decision-log/verify-stages.ts'
import { stageRecord } from '../lambdas/shared/domain/stage-record.ts'
import type { GrowingLog } from './growing-log.ts'
import { readItems } from './read-items.ts'
import type { AuditScope } from './scope.ts'

const stageItem = z.looseObject({ content: stageRecord })

/** Whether the log has what let each stage pass. It is read on after the records: what a stage goes on by is in it before. */
export async function auditStages(
  { connection, places, chain }: AuditScope,
  log: GrowingLog,
): Promise<Finding[]> {
  const partition = `MIGRATION#${chain}`
  const items = await readItems(connection.tables, places.checkpointTable, partition, { prefix: 'STAGE#' })
  await log.grow()
  return items.flatMap((item) => {
    const key = String(item['sk'])
    const record = stageItem.safeParse(item).data?.content
    return record === undefined ? [unreadable(key)] : verifyStage(key, record, log.of(record.gate ?? ''))
  })
}

/** An item that Lockgate cannot have written. */
export const unreadable = (at: string): Finding => ({
  ...{ kind: 'altered', side: 'gate', at },
  message: `the item ${at} is not of the form that is written`,
})
