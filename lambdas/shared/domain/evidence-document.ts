import { canonicalJson } from './canonical-json.ts'
import { sha256 } from './digest.ts'
import { evidence, type Evidence, type StageSummary } from './evidence.ts'
import type { StageVerdict } from './criteria/judge-summary.ts'
import { LockgateError } from '../contract/errors.ts'

export interface SealedEvidence {
  readonly evidence: Evidence
  /** SHA-256 of the canonical text: what approvers sign. */
  readonly hash: string
  readonly content: Uint8Array
}

/** The same summary and verdict always give the same document: it holds no time of its own. */
export function sealEvidence(summary: StageSummary, judged: StageVerdict, startedBy: string): SealedEvidence {
  const seconds = Math.max(0, Date.parse(summary.endedAt) - Date.parse(summary.startedAt)) / 1000
  const document: Evidence = {
    version: 1,
    summary,
    ...judged,
    seconds,
    recordsPerSecond: seconds > 0 ? Math.round(summary.records / seconds) : 0,
    startedBy,
  }
  const text = canonicalJson(document)
  return { evidence: document, hash: sha256(text), content: Buffer.from(text) }
}

/**
 * Reads evidence that somebody is to decide on. @throws EvidenceAltered when it is gone, or is not what was
 * signed.
 */
export function openEvidence(content: Uint8Array | undefined, hash: string): Evidence {
  const actual = content ? sha256(content) : 'missing'
  if (content && actual === hash) return evidence.parse(JSON.parse(Buffer.from(content).toString('utf8')))
  throw new LockgateError(
    'EvidenceAltered',
    `the gate recorded evidence ${hash}, and what is stored is ${actual}: keep both for inquiry. Then start the ` +
      'migration again, which measures the stage again; or put the recorded object back and redrive the run',
  )
}
