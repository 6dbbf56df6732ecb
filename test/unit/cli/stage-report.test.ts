import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StageVerdict } from '../../../lambdas/shared/domain/criteria/judge-summary.ts'
import { sealEvidence } from '../../../lambdas/shared/domain/evidence-document.ts'
import type { StageSummary } from '../../../lambdas/shared/domain/evidence.ts'
import { listSourceFiles } from '../../../local/cli/source-files.ts'
import { readStageReports } from '../../../local/cli/stage-report.ts'
import { summaryTable } from '../../../local/cli/summary-table.ts'
import { uploadSources } from '../../../local/cli/upload-sources.ts'
import { startS3, testBucket, type S3Server } from '../../support/s3-server.ts'
import { valid } from '../definition/valid-migration.ts'

let server: S3Server
beforeAll(async () => (server = await startS3()))
beforeEach(() => server.clear())
afterAll(() => server.stop())

const summary = (segment: string, stage: string, endedAt: string): StageSummary => ({
  migration: 'warehouse',
  segment,
  stage,
  run: 'r',
  fingerprint: 'f',
  manifest: 'm',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt,
  batches: { total: 1, done: 1, failed: 0, unfinished: 0 },
  records: 10,
  bytes: 100,
  ledger: {
    extracted: 10,
    mapped: 7,
    filtered: { a: 1, b: 1 },
    quarantined: { RaggedRow: 1 },
    loaded: 6,
    unchanged: 1,
    conflicted: 0,
  },
  reconciliation: { compared: 7, missing: 0, unexpected: 0, different: 0, fields: {} },
  differences: [],
  quarantine: [],
  failures: [],
  generations: [1],
})

async function put(segment: string, stage: string, endedAt: string): Promise<string> {
  const judged: StageVerdict = { criteria: [], verdict: 'pass' }
  const { hash, content } = sealEvidence(summary(segment, stage, endedAt), judged, 'you@example.com')
  await server.put(`evidence/warehouse/${segment}/m/${stage}/${hash}.json`, content)
  return hash
}

describe('reports of stages', () => {
  test('come in the order of the stages, the newest of each, with totals', async () => {
    await put('things', 'full', '2026-01-01T00:00:01.000Z')
    await put('things', 'rehearse', '2026-01-01T00:00:05.000Z')
    const newest = await put('things', 'rehearse', '2026-01-01T00:00:10.000Z')
    await put('parts', 'rehearse', '2026-01-01T00:00:02.000Z')
    const reports = await readStageReports(server.s3, testBucket, valid)
    expect(reports.map(({ segment, stage }) => `${segment} ${stage}`)).toEqual([
      'things rehearse',
      'parts rehearse',
      'things full',
    ])
    expect(reports[0]).toEqual({
      segment: 'things',
      stage: 'rehearse',
      verdict: 'pass',
      ledger: {
        extracted: 10,
        mapped: 7,
        filtered: 2,
        quarantined: 1,
        loaded: 6,
        unchanged: 1,
        conflicted: 0,
      },
      reconciliation: { missing: 0, unexpected: 0, different: 0 },
      evidence: newest,
      seconds: 10,
      recordsPerSecond: 1,
    })
    const [titles, ...lines] = summaryTable(reports).split('\n')
    expect(titles).toMatch(/^segment +stage +verdict +extracted/)
    expect(lines).toHaveLength(3)
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([titles?.length]))
  })

  test('are refused when the evidence was altered', async () => {
    const hash = await put('things', 'full', '2026-01-01T00:00:01.000Z')
    await server.put(`evidence/warehouse/things/m/full/${hash}.json`, '{}')
    await expect(readStageReports(server.s3, testBucket, valid)).rejects.toThrow('the gate recorded evidence')
  })
})

test('an upload makes the files all that is under the prefix, and leaves the rest alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lockgate-upload-'))
  await writeFile(join(folder, 'a.csv'), 'new')
  await writeFile(join(folder, 'empty.csv'), '')
  await server.put('things/a.csv', 'old')
  await server.put('things/old.csv', 'old')
  await server.put('parts/b.csv', 'other')
  const gone = await uploadSources(server.s3, testBucket, 'things/', await listSourceFiles(folder, 'things/'))
  expect(gone).toBe(1)
  const { Contents = [] } = await server.s3.send(new ListObjectsV2Command({ Bucket: testBucket }))
  expect(Contents.map(({ Key, Size }) => `${Key} ${Size}`)).toEqual([
    'parts/b.csv 5',
    'things/a.csv 3',
    'things/empty.csv 0',
  ])
  await rm(folder, { recursive: true })
})
