import type { SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { verifyObject } from '../lambdas/shared/domain/decision-log/verify-object.ts'
import { archiveKeys } from '../lambdas/shared/domain/object-keys.ts'
import type { AuditScope } from './scope.ts'
import { readObject } from './read-objects.ts'

/** The compiled definitions that the entries name: a fingerprint is the SHA-256 of its artifact. */
export async function auditArtifacts(
  { connection, places, chain, pack }: AuditScope,
  entries: readonly SignedEntry[],
): Promise<{ readonly findings: Finding[] }> {
  const first = new Map<string, number>()
  for (const { entry } of entries) {
    const { fingerprint } = entry.event
    if (fingerprint !== undefined && !first.has(fingerprint)) first.set(fingerprint, entry.sequence)
  }
  const findings: Finding[] = []
  for (const [fingerprint, entry] of first) {
    const key = archiveKeys.artifact(chain, fingerprint)
    const stored = await readObject(connection.objects, places.archiveBucket, key)
    if (stored.content) await pack.write(key, stored.content)
    // The archive has versions and no lock: each start stores the artifact again.
    findings.push(...verifyObject('artifact', { ...stored, locked: true, later: [] }, fingerprint, entry))
  }
  return { findings }
}
