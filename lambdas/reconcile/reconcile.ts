import type { BatchStep, StepResult } from '../shared/contract/payloads.ts'
import { runBatchStep, type ClaimedBatch } from '../shared/batch/batch-step.ts'
import { knownDuplicates } from '../shared/batch/known-duplicates.ts'
import { sourceChunks } from '../shared/batch/source-chunks.ts'
import type { BatchReconciliation } from '../shared/domain/checkpoint.ts'
import { addDigests, emptyDigest } from '../shared/domain/digest.ts'
import type { Difference } from '../shared/domain/evidence.ts'
import { addReasons } from '../shared/domain/ledger.ts'
import { hashesFields } from '../shared/domain/mapping/owned-fields.ts'
import { recordMapper } from '../shared/domain/mapping/record-mapper.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { differenceList } from '../shared/domain/shown.ts'
import { readJson, writeJson } from '../shared/ports/json-objects.ts'
import { compareChunk, type Pair } from './compare-chunk.ts'
import { expectedOf, type ExpectedChunk } from './expected-records.ts'
import type { ReconcilePorts } from './reconcile-ports.ts'
import { requireSameMapping } from './require-same-mapping.ts'
import { RunningSums } from './running-sums.ts'

const maxExamples = 20

/**
 * Compares a batch with a fresh read of its source: with the target where the batch is loaded, else (in a
 * rehearsal) with what was staged. @throws SourceChanged, and what a batch step throws.
 */
export async function reconcile(input: BatchStep, ports: ReconcilePorts): Promise<StepResult> {
  return runBatchStep('reconcile', input, ports, async (batch) => {
    const { segment, source, deadline, metrics } = ports
    const from = batch.checkpoint.progress
    const mapper = recordMapper(segment, hashesFields(segment) ? await ports.hasher.prepare() : undefined)
    const duplicates = await knownDuplicates(ports.archive, batch)
    const expect = (records: Parameters<typeof expectedOf>[0]) => expectedOf(records, mapper, duplicates)
    const examples = await earlierExamples(ports, batch)
    const sums = await RunningSums.resume(ports, batch)

    for await (const { records, start, progress } of sourceChunks(source, batch, from, deadline.signal)) {
      const expected = expect(records)
      const found = input.loads
        ? await compareChunk(ports, batch, { expected, start, records: records.length, expect })
        : unread(expected)
      await keepExamples(ports, batch, examples, found.examples)
      sums.add(found.pairs)
      const reconciliation = {
        ...added(batch.checkpoint.reconciliation ?? nothing, found.reconciliation),
        ...(await sums.keep(progress.chunk)),
      }
      await batch.advance({ ...batch.checkpoint, progress, reconciliation })
      metrics.count('RecordsReconciled', found.reconciliation.compared)
      metrics.count('RecordsMissing', found.reconciliation.missing)
      metrics.count('RecordsDifferent', found.reconciliation.different)
      if (progress.chunk < batch.chunks && batch.mustPause()) return false
    }
    await finish(input, ports, batch, expect)
    return true
  })
}

async function finish(
  input: BatchStep,
  ports: ReconcilePorts,
  batch: ClaimedBatch,
  expect: (records: Parameters<typeof expectedOf>[0]) => ExpectedChunk,
): Promise<void> {
  const reconciliation = batch.checkpoint.reconciliation ?? nothing
  if (!input.loads) await requireSameMapping(ports, batch, reconciliation.expected, expect)
  const state = input.loads ? 'reconciled' : batch.checkpoint.state
  await batch.save({ ...batch.checkpoint, state, progress: { chunk: 0 }, reconciliation })
  if (input.loads) ports.metrics.count('BatchesReconciled')
}

const nothing: BatchReconciliation = {
  compared: 0,
  missing: 0,
  different: 0,
  fields: {},
  expected: emptyDigest,
}

interface FoundInChunk {
  readonly reconciliation: BatchReconciliation
  readonly examples: readonly Difference[]
  readonly pairs: readonly Pair[]
}

function unread({ records, digest }: ExpectedChunk): FoundInChunk {
  const pairs = records.map((expected) => ({ expected, actual: undefined }))
  return { reconciliation: { ...nothing, compared: records.length, expected: digest }, examples: [], pairs }
}

function added(before: BatchReconciliation, found: BatchReconciliation): BatchReconciliation {
  return {
    compared: before.compared + found.compared,
    missing: before.missing + found.missing,
    different: before.different + found.different,
    fields: addReasons(before.fields, found.fields),
    expected: addDigests(before.expected, found.expected),
  }
}

async function earlierExamples(
  { archive }: ReconcilePorts,
  { at, checkpoint }: ClaimedBatch,
): Promise<Difference[]> {
  const key = archiveKeys.differences(at)
  if (!(await archive.get(key))) return []
  if (checkpoint.progress.chunk > 0) return readJson(archive, key, differenceList)
  await writeJson(archive, key, [])
  return []
}

async function keepExamples(
  { archive }: ReconcilePorts,
  { at }: ClaimedBatch,
  examples: Difference[],
  found: readonly Difference[],
): Promise<void> {
  // A chunk that is compared again after a crash finds what it found before.
  const isKnown = (one: Difference) => examples.some((old) => old.key === one.key && old.field === one.field)
  const fresh = found.filter((one) => !isKnown(one)).slice(0, maxExamples - examples.length)
  if (fresh.length === 0) return
  examples.push(...fresh)
  await writeJson(archive, archiveKeys.differences(at), examples)
}
