import type { SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { Finding, Side } from '../lambdas/shared/domain/decision-log/finding.ts'
import { verifyKept, verifyObject } from '../lambdas/shared/domain/decision-log/verify-object.ts'
import type { AuditScope } from './scope.ts'
import { listVersions, readObject, readVersions, type Versions } from './read-objects.ts'

interface Reference {
  readonly side: Side
  readonly hash: string
  /** The first entry that refers to it. */
  readonly entry: number
}

/** All evidence that there is, whether anything refers to it or not. */
export function listEvidence({ connection, places, chain }: AuditScope): Promise<Versions[]> {
  return listVersions(connection.objects, places.evidenceBucket, `evidence/${chain}/`)
}

/** Every document that an entry refers to, and its report for people; and those that lie there and no entry names. */
export async function auditEvidence(
  { connection, places, pack, progress }: AuditScope,
  entries: readonly SignedEntry[],
  measured: readonly Versions[],
): Promise<{ readonly findings: Finding[]; readonly notes: string[] }> {
  const references = referencesIn(entries)
  const findings: Finding[] = []
  let done = 0
  for (const [key, referring] of references) {
    const stored = await readObject(connection.objects, places.evidenceBucket, key)
    if (stored.content) await pack.write(key, stored.content)
    for (const { side, hash, entry } of referring) findings.push(...verifyObject(side, stored, hash, entry))
    progress('evidence', (done += 1), references.size)
  }
  const notes: string[] = []
  for (const versions of measured.filter(({ key }) => !references.has(key))) {
    notes.push(
      `${versions.key} is evidence that no entry refers to: its stage was measured, and it never came before the gate`,
    )
    // Of no interest is what it says, and somebody may have put anything there.
    const stored = await readVersions(connection.objects, places.evidenceBucket, versions, 1)
    findings.push(...verifyKept('evidence', stored))
  }
  return { findings, notes }
}

/** By key, each hash once. */
function referencesIn(entries: readonly SignedEntry[]): Map<string, Reference[]> {
  const found = new Map<string, Reference[]>()
  const add = (key: string, reference: Reference) => {
    const there = found.get(key) ?? []
    if (!there.some(({ hash }) => hash === reference.hash)) found.set(key, [...there, reference])
  }
  for (const { entry } of entries) {
    const { evidence, evidenceKey, detail } = entry.event
    if (evidence === undefined || evidenceKey === undefined) continue
    add(evidenceKey, { side: 'evidence', hash: evidence, entry: entry.sequence })
    const report = detail?.['report']
    if (typeof report === 'string')
      add(reportKey(evidenceKey), { side: 'report', hash: report, entry: entry.sequence })
  }
  return found
}

/** It lies beside the evidence, under the same name. */
const reportKey = (evidenceKey: string) => evidenceKey.replace(/\.json$/, '.html')
