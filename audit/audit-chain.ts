import type { LogHead, SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { TrustedKeys } from '../lambdas/shared/domain/decision-log/examine-entry.ts'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { placeOfCopy, readPartition } from '../lambdas/shared/domain/decision-log/read-partition.ts'
import { verifyChain } from '../lambdas/shared/domain/decision-log/verify-chain.ts'
import { verifyMarks } from '../lambdas/shared/domain/decision-log/verify-marks.ts'
import { verifyKept } from '../lambdas/shared/domain/decision-log/verify-object.ts'
import { evidenceKeys } from '../lambdas/shared/domain/object-keys.ts'
import type { AuditScope } from './scope.ts'
import { readPartitionItems } from './read-items.ts'
import { listVersions, readVersions } from './read-objects.ts'
import { writeEntries } from './write-log.ts'

/** The chain on both sides. What is stored goes into the pack as it is stored. */
export async function auditChain(
  scope: AuditScope,
  keys: TrustedKeys,
  heads: readonly LogHead[],
): Promise<{ readonly entries: readonly SignedEntry[]; readonly findings: readonly Finding[] }> {
  const { connection, places, chain, pack } = scope
  const items = await readPartitionItems(connection.tables, places.logTable, `LOG#${chain}`)
  const table = readPartition(items)
  const lines = [...table.entries].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)
  await pack.write('log/table.jsonl', Buffer.concat(lines.flatMap((bytes) => [bytes, Buffer.from('\n')])))
  const copies = await readCopies(scope)
  const verified = verifyChain({ chain, table: table.entries, copies: copies.entries, heads, keys })
  const marks = verifyMarks(table.marks, verified.entries)
  await writeEntries(pack, verified.entries)
  const findings = [...table.findings, ...verified.findings, ...copies.findings, ...marks]
  if (items.length > 0 || copies.entries.size > 0) return { entries: verified.entries, findings }
  const message = `there is no decision log of ${chain}, in the table nor in the copies`
  return { entries: [], findings: [...findings, { kind: 'missing', side: 'both', message }] }
}

async function readCopies({ connection, places, chain, pack, progress }: AuditScope) {
  const entries = new Map<number, Uint8Array>()
  const findings: Finding[] = []
  const bucket = places.evidenceBucket
  const listed = await listVersions(connection.objects, bucket, evidenceKeys.logEntriesOf(chain))
  for (const [n, versions] of listed.entries()) {
    const stored = await readVersions(connection.objects, bucket, versions)
    const { key, content } = stored
    const place = placeOfCopy(chain, key)
    progress('copies', n + 1, listed.length)
    if (content) await pack.write(key, content)
    if (place === undefined) {
      const message = `${key} is among the copies, and has no name of one`
      findings.push({ kind: 'added', side: 'copy', at: key, message })
      continue
    }
    if (content) entries.set(place, content)
    findings.push(...verifyKept('copy', stored, place))
  }
  return { entries, findings }
}
