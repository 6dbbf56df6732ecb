import { LockgateError } from '../contract/errors.ts'
import { packLines, unpackLines } from '../domain/frames.ts'
import { stagingKeys } from '../domain/object-keys.ts'
import type { SourceRecord } from '../domain/source-record.ts'
import {
  decodeExtracted,
  decodeTransformed,
  encodeExtracted,
  type TransformedRecord,
} from '../domain/staged.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { BatchPorts, ClaimedBatch } from './batch-step.ts'

export async function writeExtracted(
  { staging }: BatchPorts,
  { at, checkpoint }: ClaimedBatch,
  chunk: number,
  records: readonly SourceRecord[],
): Promise<void> {
  const key = stagingKeys.extracted(at, checkpoint, chunk)
  await staging.put(key, await packLines(records.values().map(encodeExtracted)))
}

/** @throws StagedObjectMissing, after the batch went back to `planned`. */
export async function readExtracted(
  ports: BatchPorts,
  batch: ClaimedBatch,
  chunk: number,
): Promise<Iterable<SourceRecord>> {
  const key = stagingKeys.extracted(batch.at, batch.checkpoint, chunk)
  const content = await ports.staging.get(key)
  if (!content) return await planAgain(ports, batch, key)
  return unpackLines(content, decodeExtracted)
}

export async function writeTransformed(
  { staging }: BatchPorts,
  { at, checkpoint }: ClaimedBatch,
  chunk: number,
  lines: readonly string[],
): Promise<void> {
  await staging.put(stagingKeys.transformed(at, checkpoint, chunk), await packLines(lines))
}

/** Duplicates among them. @throws StagedObjectMissing, after the batch went back to `planned`. */
export async function readTransformed(
  ports: BatchPorts,
  batch: ClaimedBatch,
  chunk: number,
): Promise<TransformedRecord[]> {
  const key = stagingKeys.transformed(batch.at, batch.checkpoint, chunk)
  const content = await ports.staging.get(key)
  if (!content) return await planAgain(ports, batch, key)
  return [...(await unpackLines(content, decodeTransformed))]
}

async function planAgain(
  { checkpoints }: BatchPorts,
  { at, checkpoint }: ClaimedBatch,
  key: string,
): Promise<never> {
  await checkpoints.sendBack({ ...at, to: 'planned', lockToken: checkpoint.lockToken })
  const message = `staged object ${key} is gone; batch ${at.batch} is planned again, and goes back to extract by itself`
  throw new LockgateError('StagedObjectMissing', message)
}

/** Every key under a prefix; for what is at most an object per chunk of one batch. */
export async function keysUnder(store: ObjectStore, prefix: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  for await (const key of store.list(prefix)) keys.add(key)
  return keys
}
