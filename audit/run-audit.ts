import type { LogHead } from '../lambdas/shared/domain/decision-log/entry.ts'
import { audit } from './audit.ts'
import type { Environment } from './environment.ts'
import { connect } from './connection.ts'
import { findingsDocument, logDocument, readmeDocument } from './documents.ts'
import { oneLine } from './one-line.ts'
import { Pack } from './pack.ts'
import { keyAliasOf } from './places.ts'

export interface AuditRequest {
  readonly chain: string
  readonly to: string
  readonly heads: readonly LogHead[]
  /** ARNs of keys that are trusted beside that of the deployment. */
  readonly keys: readonly string[]
  readonly environment: string
  readonly region?: string
  /** State directory of a local system; absent: AWS. */
  readonly state?: string
}

/** Whether everything agrees. @throws what keeps the audit from being made. */
export async function runAudit(
  request: AuditRequest,
  { screen, print, now, pause }: Environment,
): Promise<boolean> {
  const { chain, environment, to, heads, keys, state, region } = request
  const alias = keyAliasOf(environment)
  const connection =
    state === undefined
      ? connect({ ...(region && { region }) })
      : // Loaded here: on AWS none of it is needed.
        await (await import('./local-stores.ts')).connectLocally(state, alias)
  try {
    const pack = await Pack.begin(to)
    const progress = (unit: string, done: number, total: number) => {
      screen.progress({ name: `audit ${chain}: ${unit}`, unit, done, total })
    }
    const audited = await audit({ connection, chain, pack, progress, pause, environment, keys, heads })
    screen.endProgress()
    const about = { chain, environment, at: new Date(now()).toISOString() }
    const arns = [...new Set(audited.entries.map(({ key }) => key))]
    await pack.write('findings.md', findingsDocument(about, audited))
    await pack.write('findings.json', `${JSON.stringify(audited.findings, null, 2)}\n`)
    await pack.write('log/log.md', logDocument(about, audited.entries))
    await pack.write('README.md', readmeDocument(about, arns))
    await pack.finish()
    for (const { kind, side, message } of audited.findings)
      print(oneLine(`${kind.toUpperCase()} (${side}): ${message}`))
    for (const note of audited.notes) print(oneLine(`note: ${note}`))
    const { length, hash } = audited.head
    const found = audited.findings.length
    print(
      `${chain}: ${length} ${length === 1 ? 'entry' : 'entries'}, the last ${hash}. ` +
        (found === 0 ? 'Everything agrees.' : `${found} ${found === 1 ? 'finding' : 'findings'}.`),
    )
    print(`The audit pack is in ${pack.folder}.`)
    return found === 0
  } finally {
    await connection.close()
  }
}
