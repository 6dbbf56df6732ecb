import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { constants, createZstdCompress, zstdDecompress } from 'node:zlib'
import { z } from 'zod'

const decompress = promisify(zstdDecompress)
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }
const lineFeed = 0x0a
const partCharacters = 64 * 1024

/** A chunk as it is stored: one JSON text a line, zstd. Of the text no more is held than a part. */
export async function packLines(lines: Iterable<string>): Promise<Uint8Array> {
  const parts = Readable.from(partsOf(lines), { objectMode: false })
  return pipeline(parts, createZstdCompress({ params }), (packed) => buffer(packed))
}

function* partsOf(lines: Iterable<string>): Generator<Buffer> {
  let part = ''
  for (const line of lines) {
    part += `${line}\n`
    if (part.length < partCharacters) continue
    yield Buffer.from(part)
    part = ''
  }
  yield Buffer.from(part)
}

/** What is in the lines of a chunk, decoded one by one as they are asked for. A damaged chunk does not decompress. */
export async function unpackLines<T>(
  content: Uint8Array,
  decode: (line: string) => T,
): Promise<IteratorObject<T>> {
  const text = await decompress(content)
  return linesOf(text).map(decode)
}

function* linesOf(text: Buffer): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf(lineFeed, at)
    yield text.toString('utf8', at, end)
    at = end + 1
  }
}

/** One line of a quarantine object (archive `quarantine/…`): `raw` is the record's text, whole. */
export const quarantineEntry = z.object({
  ordinal: z.int().nonnegative(),
  object: z.string(),
  line: z.int(),
  byte: z.int(),
  reason: z.string(),
  field: z.string().optional(),
  detail: z.string(),
  raw: z.string(),
})
export type QuarantineEntry = z.infer<typeof quarantineEntry>

export async function unpackQuarantine(content: Uint8Array): Promise<QuarantineEntry[]> {
  return [...(await unpackLines(content, (line) => quarantineEntry.parse(JSON.parse(line))))]
}
