import type { SignedEntry } from '../lambdas/shared/domain/decision-log/entry.ts'
import type { TrustedKeys } from '../lambdas/shared/domain/decision-log/examine-entry.ts'
import { canonicalJson } from '../lambdas/shared/domain/canonical-json.ts'
import { storedText } from '../lambdas/shared/domain/decision-log/seal-entry.ts'
import type { Pack } from './pack.ts'

const name = (sequence: number) => String(sequence).padStart(12, '0')
/** `arn:aws:kms:<region>:<account>:key/<id>` */
export const keyFile = (arn: string): string => `keys/${arn.split('/').at(-1) ?? 'key'}.pem`

export async function writeKeys(pack: Pack, keys: TrustedKeys): Promise<void> {
  for (const [arn, key] of keys) await pack.write(keyFile(arn), key.export({ format: 'pem', type: 'spki' }))
}

/** All authentic entries in one file, and each with its signature as openssl takes them. */
export async function writeEntries(pack: Pack, entries: readonly SignedEntry[]): Promise<void> {
  await pack.write('log/log.jsonl', entries.map((signed) => `${storedText(signed)}\n`).join(''))
  for (const { entry, signature } of entries) {
    await pack.write(`log/entries/${name(entry.sequence)}.json`, canonicalJson(entry))
    await pack.write(`log/entries/${name(entry.sequence)}.sig`, Buffer.from(signature, 'base64'))
  }
}
