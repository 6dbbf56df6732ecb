import { LockgateError } from '../shared/contract/errors.ts'
import type { ClaimedBatch } from '../shared/batch/batch-step.ts'
import { readTransformed } from '../shared/batch/staged-chunks.ts'
import { sameRecord } from '../shared/domain/comparison.ts'
import { sha256 } from '../shared/domain/digest.ts'
import { packLines, unpackLines } from '../shared/domain/frames.ts'
import { keyOf } from '../shared/domain/mapping/owned-fields.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { decodeImage, encodeImage, type Image } from '../shared/domain/undo.ts'
import type { Fields } from '../shared/domain/value.ts'
import type { LoadPorts } from './load-ports.ts'

export interface ChunkImages {
  readonly images: readonly Image[]
  /** SHA-256 of the undo chunk; absent where the chunk writes nothing. */
  readonly hash?: string
  /** Whether the expected images were made by this attempt, so that nothing has been written under them yet. */
  readonly isFresh: boolean
}

/**
 * The images of a chunk's writes, durable in the undo log. What an earlier attempt left there is used as it is:
 * its `expected` is from before the first write, and cannot be read again. @throws UndoChunkMismatch.
 */
export async function durableImages(
  ports: LoadPorts,
  batch: ClaimedBatch,
  chunk: number,
): Promise<ChunkImages> {
  const { archive, segment } = ports
  const { at, checkpoint } = batch
  const staged = (await readTransformed(ports, batch, chunk)).filter(({ isDuplicate }) => !isDuplicate)
  const afters = staged.map(({ after }) => after)
  if (afters.length === 0) return { images: [], isFresh: true }

  const key = archiveKeys.undo(at, checkpoint.epoch, checkpoint.generation, chunk)
  const recorded = checkpoint.undo[chunk]
  // On an empty target nothing is read, so creating the chunk also tells whether it is there.
  const asksFirst = recorded !== undefined || segment.target.holds === 'records'
  const found = asksFirst ? await archive.get(key) : undefined
  if (found) return earlier(found)
  if (recorded !== undefined) throw mismatch('it is gone, and the checkpoint has its hash')

  const images = await freshImages(ports, afters)
  const content = await packLines(images.values().map(encodeImage))
  if ((await archive.create(key, content)) === 'created')
    return { images, hash: sha256(content), isFresh: true }
  const existing = await archive.get(key)
  if (!existing) throw mismatch('it exists and cannot be read')
  return earlier(existing)

  async function earlier(content: Uint8Array): Promise<ChunkImages> {
    const hash = sha256(content)
    if (recorded !== undefined && recorded !== hash)
      throw mismatch(`it has the hash ${hash}, not ${recorded}`)
    const images = [...(await unpackLines(content, decodeImage))]
    const isOfChunk =
      images.length === afters.length && images.every(({ after }, i) => sameRecord(after, afters[i]))
    if (!isOfChunk) throw mismatch('its images are not those of the staged records')
    return { images, hash, isFresh: false }
  }

  function mismatch(why: string): LockgateError {
    const message = `undo chunk ${chunk} of batch ${at.batch} (${key}): ${why}. Nothing more of the batch is written: restore the object and start the migration again, which goes on at this chunk`
    return new LockgateError('UndoChunkMismatch', message)
  }
}

async function freshImages(
  { segment, target, deadline }: LoadPorts,
  afters: readonly Fields[],
): Promise<Image[]> {
  const keys = afters.map((after) => keyOf(segment, after))
  const held = segment.target.holds === 'empty' ? [] : await target.read(keys, deadline.signal)
  return afters.map((after, i) => ({ key: keys[i] ?? {}, base: held[i], expected: held[i], after }))
}
