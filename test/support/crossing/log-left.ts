import { createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { placeOfCopy, readPartition } from '../../../lambdas/shared/domain/decision-log/read-partition.ts'
import { verifyChain } from '../../../lambdas/shared/domain/decision-log/verify-chain.ts'
import { verifyMarks } from '../../../lambdas/shared/domain/decision-log/verify-marks.ts'
import type { LogKind } from '../../../lambdas/shared/domain/decision-log/entry.ts'
import type { StateLeft } from './state-left.ts'

/** What people decided and what that came to: mails and clicks may be repeated, these may not. */
const once: readonly LogKind[] = ['gate-opened', 'approved', 'quorum-completed']

/** The decision log of a migration as a system has left it: what is wrong with it, and what it tells, but not when. */
export async function logLeft(left: StateLeft, stateDirectory: string, chain: string) {
  const items = left.tables.log.filter(({ pk }) => pk === `LOG#${chain}`)
  const { entries: table, marks, findings } = readPartition(items)
  const copies = new Map<number, Uint8Array>()
  for (const [name, object] of left.objects) {
    const place = placeOfCopy(chain, name.replace(/^evidence\//, ''))
    if (place !== undefined)
      copies.set(place, await readFile(join(stateDirectory, 's3', 'files', object.file)))
  }
  const verified = verifyChain({ chain, table, copies, heads: [], keys: keysOf(stateDirectory) })
  return {
    logFindings: [...findings, ...verified.findings, ...verifyMarks(marks, verified.entries)],
    logEvents: verified.entries
      .filter(({ entry }) => once.includes(entry.event.kind))
      .map(({ entry: { event } }) => [event.kind, event.segment, event.stage, event.actor].join(' '))
      .sort(),
  }
}

/** Of the keys of a local system, those that sign are in files of this kind. */
function keysOf(stateDirectory: string) {
  const folder = join(stateDirectory, 'kms')
  const files = readdirSync(folder).filter((file) => file.endsWith('.pem'))
  return new Map(
    files.map((file) => [
      `arn:aws:kms:us-east-1:000000000000:key/${file.slice(0, -'.pem'.length)}`,
      createPublicKey(readFileSync(join(folder, file))),
    ]),
  )
}
