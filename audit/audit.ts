import type { LogHead, SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { Finding } from '../lambdas/shared/domain/decision-log/finding.ts'
import { headOf } from '../lambdas/shared/domain/decision-log/seal-entry.ts'
import { auditArtifacts } from './audit-artifacts.ts'
import { auditChain } from './audit-chain.ts'
import { auditEvidence, listEvidence } from './audit-evidence.ts'
import { auditGates } from './audit-gates.ts'
import { accountOf, keyAliasOf, placesOf, publicKeys } from './places.ts'
import type { AuditScope } from './scope.ts'
import { writeKeys } from './write-log.ts'

export interface Audited {
  readonly entries: readonly SignedEntry[]
  readonly head: LogHead
  readonly findings: readonly Finding[]
  /** Not wrong, and worth knowing. */
  readonly notes: readonly string[]
}

interface AuditRequest extends Omit<AuditScope, 'places'> {
  readonly environment: string
  readonly keys: readonly string[]
  readonly heads: readonly LogHead[]
}

/**
 * Looks at everything that the log of a migration vouches for, and puts it into the pack. The system may run meanwhile.
 * Evidence is listed before the log is read: what is listed, and not in the log, was not judged to the end by then. What
 * entries refer to was there before them and never changes, so that can be read last, however long it takes.
 */
export async function audit({ environment, keys, heads, ...request }: AuditRequest): Promise<Audited> {
  const trusted = await publicKeys(request.connection.kms, [keyAliasOf(environment), ...keys])
  const [own = ''] = trusted.keys()
  const scope: AuditScope = { ...request, places: placesOf(environment, accountOf(own)) }
  await writeKeys(scope.pack, trusted)
  const measured = await listEvidence(scope)
  const chain = await auditChain(scope, trusted, heads)
  const gates = await auditGates(scope, trusted, chain.entries)
  const evidence = await auditEvidence(scope, chain.entries, measured)
  const artifacts = await auditArtifacts(scope, chain.entries)
  return {
    entries: chain.entries,
    head: headOf(chain.entries.at(-1)),
    findings: [...chain.findings, ...evidence.findings, ...artifacts.findings, ...gates.findings],
    notes: [...evidence.notes, ...gates.notes],
  }
}
