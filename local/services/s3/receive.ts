import { createHash, randomUUID } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { decodeAwsChunked } from './aws-chunked.ts'
import { checksumAlgorithms, startChecksum, type ChecksumAlgorithm } from './checksums.ts'
import { notImplemented, S3Error } from './errors.ts'

export interface Received {
  /** Name of the file in the data directory. */
  readonly file: string
  readonly size: number
  readonly md5: string
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string }
}

/**
 * Writes the body of a request into a file of its own, whatever its size, and checks it against all that the
 * client says of it. A file that no row of the index names is deleted at the next start.
 */
export async function receiveBody(request: IncomingMessage, directory: string): Promise<Received> {
  const { headers } = request
  const algorithm = algorithmOf(headers)
  const checksum = algorithm && startChecksum(algorithm)
  const md5 = createHash('md5')
  const sha256 = payloadHashOf(headers)
  const hash = sha256 === undefined ? undefined : createHash('sha256')
  const trailers = new Map<string, string>()
  const chunked = String(headers['content-encoding'] ?? '').includes('aws-chunked')
  const file = randomUUID()
  const path = join(directory, file)
  const handle = await open(path, 'wx')
  let size = 0
  try {
    for await (const chunk of chunked
      ? decodeAwsChunked(request, trailers)
      : (request as AsyncIterable<Buffer>)) {
      checksum?.update(chunk)
      md5.update(chunk)
      hash?.update(chunk)
      size += chunk.length
      await handle.write(chunk)
    }
    const digest = md5.digest()
    expectEqual('BadDigest', 'Content-MD5', headers['content-md5'], digest.toString('base64'))
    expectEqual('XAmzContentSHA256Mismatch', 'x-amz-content-sha256', sha256, hash?.digest('hex'))
    expectEqual('IncompleteBody', 'length', headers['x-amz-decoded-content-length'], String(size))
    const value = checksum?.digest()
    const said =
      algorithm && (trailers.get(`x-amz-checksum-${algorithm}`) ?? headers[`x-amz-checksum-${algorithm}`])
    expectEqual('BadDigest', `x-amz-checksum-${algorithm}`, said, value)
    const sums = algorithm && value ? { checksum: { algorithm, value } } : {}
    return { file, size, md5: digest.toString('hex'), ...sums }
  } catch (error) {
    await unlink(path)
    throw error
  } finally {
    await handle.close()
  }
}

function algorithmOf(headers: IncomingHttpHeaders): ChecksumAlgorithm | undefined {
  const trailer = String(headers['x-amz-trailer'] ?? '').toLowerCase()
  const found = checksumAlgorithms.find(
    (algorithm) =>
      `x-amz-checksum-${algorithm}` in headers || trailer.includes(`x-amz-checksum-${algorithm}`),
  )
  const unknown = Object.keys(headers).find(
    (name) => name.startsWith('x-amz-checksum-') && name !== `x-amz-checksum-${found}`,
  )
  if (unknown !== undefined || (trailer !== '' && found === undefined))
    throw notImplemented(unknown ?? trailer)
  return found
}

/** The SHA-256 that the client signed, unless it signed none or each chunk by itself. */
function payloadHashOf(headers: IncomingHttpHeaders): string | undefined {
  const said = headers['x-amz-content-sha256']
  return typeof said === 'string' && /^[0-9a-f]{64}$/.test(said) ? said : undefined
}

function expectEqual(code: string, what: string, said: unknown, found: string | undefined): void {
  if (said === undefined || said === found) return
  throw new S3Error(code, 400, `The ${what} you specified did not match what we received`)
}
