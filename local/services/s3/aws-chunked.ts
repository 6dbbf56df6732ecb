import { S3Error } from './errors.ts'

type State = 'size' | 'data' | 'end-of-data' | 'trailers'

const incomplete = () =>
  new S3Error(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  )

/**
 * Decodes `Content-Encoding: aws-chunked`: `<hex size>[;chunk-signature=…]\r\n<data>\r\n … 0\r\n<trailers>\r\n\r\n`.
 * What follows the last chunk is put into `trailers`, by lower-case name.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0)
  let remaining = 0
  let state = 'size' as State
  for await (const chunk of source) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    for (;;) {
      if (state === 'data') {
        const data = pending.subarray(0, remaining)
        pending = pending.subarray(data.length)
        remaining -= data.length
        if (data.length > 0) yield data
        if (remaining > 0) break
        state = 'end-of-data'
      }
      const end: number = pending.indexOf('\r\n')
      if (end < 0) break
      const line: string = pending.toString('latin1', 0, end)
      pending = pending.subarray(end + 2)
      if (state === 'end-of-data') state = 'size'
      else if (state === 'trailers') addTrailer(line, trailers)
      else {
        remaining = sizeOf(line)
        state = remaining === 0 ? 'trailers' : 'data'
      }
    }
  }
  if (state !== 'trailers') throw incomplete()
}

function sizeOf(line: string): number {
  const size = /^([0-9a-fA-F]+)(?:;|$)/.exec(line)?.[1]
  if (size === undefined) throw incomplete()
  return parseInt(size, 16)
}

function addTrailer(line: string, trailers: Map<string, string>): void {
  const colon = line.indexOf(':')
  if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
}
