import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import { LockgateError } from '../../contract/errors.ts'

/** Unpacks a gzip stream of any number of members. @throws GzipDamaged, naming the object. */
export async function* gunzip(packed: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Buffer> {
  const unpack = createGunzip({ chunkSize: 256 * 1024 })
  // What goes wrong destroys `unpack` with its error, so that the loop below throws it.
  pipeline(Readable.from(packed, { objectMode: false }), unpack, () => undefined)
  try {
    for await (const chunk of unpack as AsyncIterable<Buffer>) yield chunk
  } catch (error) {
    throw isZlibError(error) ? damaged(key, error) : error
  }
}

/** As much as can be unpacked of the first bytes of a gzip object. @throws GzipDamaged. */
export function gunzipHead(packed: Buffer, key: string): Buffer {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    throw isZlibError(error) ? damaged(key, error) : error
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}

function damaged(key: string, cause: Error): LockgateError {
  return new LockgateError(
    'GzipDamaged',
    `${key} is no whole gzip object (${cause.message}). Export it again, or store it plain without .gz.`,
    { cause },
  )
}
