import { z } from 'zod'
import { verdicts } from '../lambdas/shared/contract/stages.ts'
import { sha256 } from '../lambdas/shared/domain/digest.ts'
import { readObject } from './read-objects.ts'
import type { AuditScope } from './scope.ts'

const judged = z.object({ verdict: z.enum(verdicts) })

/** What a piece of evidence says of its stage; `undefined` where it is gone or altered, which is a finding of its own. */
export async function evidenceVerdict(
  { connection, places }: AuditScope,
  { evidence, evidenceKey }: { readonly evidence: string; readonly evidenceKey: string },
): Promise<{ readonly verdict: string; readonly source: string } | undefined> {
  const { content } = await readObject(connection.objects, places.evidenceBucket, evidenceKey)
  if (content === undefined || sha256(content) !== evidence) return undefined
  const { verdict = 'none' } = judged.safeParse(parsed(content)).data ?? {}
  return { verdict, source: `its evidence ${evidence}` }
}

function parsed(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString('utf8'))
  } catch {
    return undefined
  }
}
