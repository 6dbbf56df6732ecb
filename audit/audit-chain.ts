import type { LogHead, SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { TrustedKeys } from '../lambdas/shared/domain/decision-log/examine-entry.ts'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { behindEntries, entryPrefix, markKey } from '../lambdas/shared/domain/decision-log/item-keys.ts'
import { readPartition, type Partition } from '../lambdas/shared/domain/decision-log/read-partition.ts'
import { verifyChain } from '../lambdas/shared/domain/decision-log/verify-chain.ts'
import { verifyMarks, type Mark } from '../lambdas/shared/domain/decision-log/verify-marks.ts'
import { Copies } from './copies.ts'
import { inTime } from './in-time.ts'
import { readItem, readItems } from './read-items.ts'
import type { AuditScope } from './scope.ts'
import { writeEntries } from './write-log.ts'

/**
 * The chain on both sides, also while entries are appended to it. An entry is put into the table, then copied, then
 * marked, and the next one is put only when that is done (docs/adr/decision-log.md); nothing of it is ever taken away. So:
 *
 * - Copies and marks are read before the entries: whatever has a copy or a mark by then is in the table when that is
 *   read. What is appended in between is never taken for an end that was cut off the table.
 * - What the entries then lack of these is looked for again: of all but the newest entry it has to be there by now.
 * - The newest may be on its way. It is given some time; a crash leaves it so until the next entry.
 */
export async function auditChain(
  scope: AuditScope,
  keys: TrustedKeys,
  heads: readonly LogHead[],
): Promise<{ readonly entries: readonly SignedEntry[]; readonly findings: readonly Finding[] }> {
  const { chain, pack, pause } = scope
  const copies = await Copies.read(scope)
  const others = readPartition([
    ...(await itemsOf(scope, { below: entryPrefix })),
    ...(await itemsOf(scope, { from: behindEntries })),
  ])
  const table = readPartition(await itemsOf(scope, { prefix: entryPrefix }))
  const places = [...table.entries.keys()].sort((a, b) => a - b)
  for (const place of places.filter((one) => !copies.has(one))) {
    if (place === places.at(-1)) await inTime(() => copies.look(place), pause)
    else await copies.look(place)
  }
  const verified = verifyChain({ chain, table: table.entries, copies: copies.entries, heads, keys })
  const marks = [...others.marks, ...(await furtherMarks(scope, others.marks, verified.entries))]

  const lines = places.flatMap((place) => [table.entries.get(place) ?? [], Buffer.from('\n')])
  await pack.write('log/table.jsonl', Buffer.concat(lines.map((line) => Buffer.from(line))))
  await writeEntries(pack, verified.entries)
  const findings = [
    ...[...others.findings, ...table.findings, ...verified.findings],
    ...[...copies.findings, ...verifyMarks(marks, verified.entries)],
  ]
  if (!isEmpty(others) || !isEmpty(table) || copies.entries.size > 0)
    return { entries: verified.entries, findings }
  const message = `there is no decision log of ${chain}, in the table nor in the copies`
  return { entries: [], findings: [...findings, { kind: 'missing', side: 'both', message }] }
}

const itemsOf = ({ connection, places, chain }: AuditScope, keys: Parameters<typeof readItems>[3]) =>
  readItems(connection.tables, places.logTable, `LOG#${chain}`, keys)

/** Marks of entries that had none when the marks were read. */
async function furtherMarks(
  { connection, places, chain, pause }: AuditScope,
  marks: readonly Mark[],
  entries: readonly SignedEntry[],
): Promise<Mark[]> {
  const known = new Set(marks.map(({ key }) => key))
  const found: Mark[] = []
  const look = async (sk: string) => {
    const item = await readItem(connection.tables, places.logTable, { pk: `LOG#${chain}`, sk })
    const [mark] = item ? readPartition([item]).marks : []
    if (mark) found.push(mark)
    return mark !== undefined
  }
  const lacking = entries.filter(({ entry }) => !known.has(markKey(entry.event.id)))
  for (const signed of lacking) {
    const key = markKey(signed.entry.event.id)
    if (signed === entries.at(-1)) await inTime(() => look(key), pause)
    else await look(key)
  }
  return found
}

const isEmpty = ({ entries, marks, findings }: Partition) =>
  entries.size + marks.length + findings.length === 0
