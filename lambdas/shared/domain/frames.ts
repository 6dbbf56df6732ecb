import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { z } from 'zod'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }

/** A chunk as it is stored: one JSON text a line, zstd. A damaged object does not decompress. */
export async function packLines(lines: readonly string[]): Promise<Uint8Array> {
  return compress(Buffer.from(lines.map((line) => `${line}\n`).join('')), { params })
}

export async function unpackLines(content: Uint8Array): Promise<string[]> {
  const text = (await decompress(content)).toString('utf8')
  return text === '' ? [] : text.slice(0, -1).split('\n')
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
  return (await unpackLines(content)).map((line) => quarantineEntry.parse(JSON.parse(line)))
}
