import type { LogDraft, SignedEntry } from '../../lambdas/shared/domain/decision-log/entry.ts'
import { headOf, nextEntry, storedText } from '../../lambdas/shared/domain/decision-log/seal-entry.ts'
import type { FakeSigner } from './fake-signer.ts'

/** The entries of a chain that has these events, signed as the log signs them. */
export async function sealedChain(
  chain: string,
  drafts: readonly LogDraft[],
  signer: FakeSigner,
): Promise<SignedEntry[]> {
  const entries: SignedEntry[] = []
  for (const draft of drafts) {
    const next = nextEntry(chain, headOf(entries.at(-1)), draft)
    entries.push({ ...next, ...(await signer.sign(Buffer.from(next.hash, 'hex'))) })
  }
  return entries
}

export const bytesOf = (signed: SignedEntry): Uint8Array => Buffer.from(storedText(signed))

export const byPlace = (entries: readonly SignedEntry[]): Map<number, Uint8Array> =>
  new Map(entries.map((signed) => [signed.entry.sequence, bytesOf(signed)]))
