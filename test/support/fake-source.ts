import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { LockgateError } from '../../lambdas/shared/contract/errors.ts'
import type { SourceSpec } from '../../lambdas/shared/domain/definition/source.ts'
import { machineOf } from '../../lambdas/shared/domain/delimited/dialect.ts'
import { headBytes, readHead } from '../../lambdas/shared/domain/delimited/object-head.ts'
import { requireNames } from '../../lambdas/shared/domain/delimited/object-names.ts'
import type { Slice, SourceObject } from '../../lambdas/shared/domain/manifest.ts'
import { readRecords } from '../../lambdas/shared/domain/reading/record-reader.ts'
import { resolve } from '../../lambdas/shared/domain/slicing/resolve.ts'
import { scanBlocks } from '../../lambdas/shared/domain/slicing/scan-blocks.ts'
import type { Source } from '../../lambdas/shared/ports/source.ts'

export interface FakeSource extends Source {
  /** Stores or replaces an object; what was planned on the one before is refused from then on. */
  put(key: string, content: string | Uint8Array): void
  remove(key: string): void
  /** What has been asked of it, in order. */
  readonly calls: readonly string[]
}

/** A source in memory, over the same pure parser as the real one. Text is stored as UTF-8. */
export function fakeSource(
  spec: SourceSpec,
  contents: Readonly<Record<string, string | Uint8Array>> = {},
): FakeSource {
  const stored = new Map(Object.entries(contents).map(([key, content]) => [key, Buffer.from(content)]))
  const calls: string[] = []
  const listed = () =>
    [...stored]
      .filter(([key]) => key.startsWith(spec.prefix) && !key.endsWith('/'))
      .map(([key, bytes]) => ({ key, size: bytes.length, etag: etagOf(bytes) }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
  const hasContent = ({ size }: { readonly size: number }) => size > 0

  const requireAny = () => {
    if (listed().length === 0) throw new LockgateError('SourceMissing', `nothing lies under ${spec.prefix}`)
  }

  const pinned = (object: SourceObject): Buffer => {
    const bytes = stored.get(object.key)
    if (bytes === undefined || etagOf(bytes) !== object.etag) {
      throw new LockgateError('SourceChanged', `${object.key} was replaced or deleted after it was planned`)
    }
    return unpacked(object.key, bytes)
  }

  return {
    calls,
    put: (key, content) => void stored.set(key, Buffer.from(content)),
    remove: (key) => void stored.delete(key),

    async check() {
      calls.push('check')
      requireAny()
    },

    async find() {
      calls.push('find')
      return listed().filter(hasContent)
    },

    async list() {
      calls.push('list')
      const found = listed().filter(hasContent)
      requireAny()
      if (found.length === 0) throw new LockgateError('SourceEmpty', `all is empty under ${spec.prefix}`)
      const objects = found.map((object): SourceObject => {
        const { key } = object
        const content = unpacked(key, stored.get(key) ?? Buffer.alloc(0))
        const head = readHead(spec, key, content.subarray(0, headBytes), content.length <= headBytes)
        return { ...object, gzip: isGzip(key), ...head }
      })
      requireNames(spec, objects)
      return objects
    },

    async scan(object, start, end, blockBytes) {
      calls.push(`scan ${object.key} ${start}-${end}`)
      const bytes = pinned(object)
      const options = { machine: machineOf(spec), blockBytes, bodyByte: object.body?.byte ?? 0 }
      return object.gzip
        ? scanBlocks([bytes], { ...options, start: 0, end: undefined })
        : scanBlocks([bytes.subarray(start, end + 1)], { ...options, start, end })
    },

    async *read(slice, from = { ordinal: 0, byte: slice.start, line: slice.line }, signal) {
      calls.push(`read ${slice.object.key} ${from.byte}-${slice.end}`)
      const chunks = networkChunks(pinned(slice.object).subarray(from.byte, slice.end))
      for await (const record of readRecords(chunks, spec, slice, from)) {
        signal?.throwIfAborted()
        yield record
      }
    },
  }
}

/** Slices of a whole object, as survey, scan and freeze make them. */
export async function slicesOf(source: Source, object: SourceObject, batchBytes: number): Promise<Slice[]> {
  return resolve(object, [await source.scan(object, 0, object.size, batchBytes)], batchBytes).slices
}

const isGzip = (key: string) => key.toLowerCase().endsWith('.gz')

function unpacked(key: string, bytes: Buffer): Buffer {
  if (!isGzip(key)) return bytes
  try {
    return gunzipSync(bytes)
  } catch (cause) {
    throw new LockgateError('GzipDamaged', `${key} is no whole gzip object`, { cause })
  }
}

async function* networkChunks(bytes: Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`
}
