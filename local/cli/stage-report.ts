import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import type { Migration } from '../../lambdas/shared/domain/definition/migration.ts'
import { openEvidence } from '../../lambdas/shared/domain/evidence-document.ts'
import type { Evidence } from '../../lambdas/shared/domain/evidence.ts'
import { total } from '../../lambdas/shared/domain/ledger.ts'

/** A stage in the report that `--json` writes. */
export interface StageReport {
  readonly segment: string
  readonly stage: string
  readonly verdict: string
  readonly ledger: Readonly<
    Record<
      'extracted' | 'mapped' | 'filtered' | 'quarantined' | 'loaded' | 'unchanged' | 'conflicted',
      number
    >
  >
  readonly reconciliation: {
    readonly missing: number
    readonly unexpected: number
    readonly different: number
  }
  /** SHA-256 of the evidence document. */
  readonly evidence: string
  readonly seconds: number
  readonly recordsPerSecond: number
}

/** Reads what each stage left behind, newest first where it was measured more than once. In order of the stages. */
export async function readStageReports(
  s3: S3Client,
  bucket: string,
  migration: Migration,
): Promise<StageReport[]> {
  const newest = new Map<string, { readonly evidence: Evidence; readonly hash: string }>()
  for await (const key of evidenceKeys(s3, bucket, `evidence/${migration.name}/`)) {
    const hash = /([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? ''
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    const evidence = openEvidence(await Body?.transformToByteArray(), hash)
    const name = `${evidence.summary.segment} ${evidence.summary.stage}`
    const known = newest.get(name)
    if (known === undefined || known.evidence.summary.endedAt < evidence.summary.endedAt) {
      newest.set(name, { evidence, hash })
    }
  }
  return stagesInOrder(migration).flatMap((name) => {
    const found = newest.get(name)
    return found === undefined ? [] : [reportOf(found.evidence, found.hash)]
  })
}

async function* evidenceKeys(s3: S3Client, bucket: string, prefix: string): AsyncIterable<string> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key } of page.Contents ?? []) if (Key?.endsWith('.json')) yield Key
  }
}

/** All rehearsals, then what comes second in each segment, and so on. */
function stagesInOrder({ segments }: Migration): string[] {
  const longest = Math.max(...segments.map(({ stages }) => stages.length))
  return Array.from({ length: longest }, (_, index) =>
    segments.flatMap(({ name, stages }) =>
      stages[index] === undefined ? [] : [`${name} ${stages[index].id}`],
    ),
  ).flat()
}

function reportOf({ summary, verdict, seconds, recordsPerSecond }: Evidence, hash: string): StageReport {
  const { extracted, mapped, filtered, quarantined, loaded, unchanged, conflicted } = summary.ledger
  const { missing, unexpected, different } = summary.reconciliation
  return {
    segment: summary.segment,
    stage: summary.stage,
    verdict,
    ledger: {
      extracted,
      mapped,
      filtered: total(filtered),
      quarantined: total(quarantined),
      loaded,
      unchanged,
      conflicted,
    },
    reconciliation: { missing, unexpected, different },
    evidence: hash,
    seconds,
    recordsPerSecond,
  }
}
