import type { z } from 'zod'
import { LockgateError } from '../contract/errors.ts'
import type { ObjectStore } from './object-store.ts'

/** Reads a JSON object that must be there. @throws ArchiveObjectMissing, ZodError when it is of another shape. */
export async function readJson<T>(store: ObjectStore, key: string, schema: z.ZodType<T>): Promise<T> {
  const content = await store.get(key)
  if (!content) {
    throw new LockgateError(
      'ArchiveObjectMissing',
      `s3://${store.bucket}/${key} is gone; make its last version the current one, then redrive the run`,
    )
  }
  return schema.parse(JSON.parse(Buffer.from(content).toString('utf8')))
}

export async function writeJson(store: ObjectStore, key: string, value: unknown): Promise<void> {
  await store.put(key, Buffer.from(JSON.stringify(value)))
}

/** One JSON document a line, as a Distributed Map reads it. */
export async function writeJsonLines(
  store: ObjectStore,
  key: string,
  values: readonly unknown[],
): Promise<void> {
  await store.put(key, Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join('')))
}
