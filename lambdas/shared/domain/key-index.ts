/**
 * The key index of a batch: which target keys it produces. Layout, big endian:
 *
 *     4 bytes  "LGK1"
 *     4 bytes  entries in all
 *     4 bytes  partitions (a power of two)
 *     4 bytes  per partition: number of its first entry
 *     20 bytes per entry, sorted by digest: 16 bytes key digest, 4 bytes ordinal of the record within the batch
 *
 * The top bit of an ordinal says that the record was left out as a duplicate. A partition is the digests that
 * begin with the same bits, so that one partition of all batches can be merged without the others.
 */
const magic = 0x4c_47_4b_31
const headBytes = 12
const entryBytes = 20
const excludedBit = 0x8000_0000

export interface KeyEntry {
  readonly digest: Uint8Array
  readonly ordinal: number
  readonly excluded: boolean
}

export interface KeyIndexHead {
  readonly entries: number
  /** Number of the first entry of each partition. */
  readonly firsts: readonly number[]
}

/** Which partition a digest belongs to. */
export function partitionOf(digest: Uint8Array, partitions: number): number {
  const bits = Math.log2(partitions)
  return bits === 0 ? 0 : Buffer.from(digest.buffer, digest.byteOffset, 4).readUInt32BE() >>> (32 - bits)
}

/** Collects the keys of a batch in 20 bytes each, and writes them as its index. */
export class KeyIndexBuilder {
  private entries = Buffer.alloc(entryBytes * 1024)
  private count = 0

  add({ digest, ordinal, excluded }: KeyEntry): void {
    const at = this.count * entryBytes
    if (at === this.entries.length) this.entries = Buffer.concat([this.entries, Buffer.alloc(at)])
    this.entries.set(digest, at)
    this.entries.writeUInt32BE((ordinal | (excluded ? excludedBit : 0)) >>> 0, at + 16)
    this.count += 1
  }

  encode(partitions: number): Uint8Array {
    const entry = (i: number) => this.entries.subarray(i * entryBytes, (i + 1) * entryBytes)
    const sorted = Uint32Array.from({ length: this.count }, (_, i) => i).sort((a, b) =>
      Buffer.compare(entry(a), entry(b)),
    )
    const head = headBytes + 4 * partitions
    const content = Buffer.alloc(head + entryBytes * this.count)
    content.writeUInt32BE(magic, 0)
    content.writeUInt32BE(this.count, 4)
    content.writeUInt32BE(partitions, 8)
    let partition = 0
    sorted.forEach((from, i) => {
      const own = entry(from)
      // An empty partition begins where the next one does.
      for (const last = partitionOf(own, partitions); partition <= last; partition += 1) {
        content.writeUInt32BE(i, headBytes + 4 * partition)
      }
      content.set(own, head + entryBytes * i)
    })
    for (; partition < partitions; partition += 1)
      content.writeUInt32BE(this.count, headBytes + 4 * partition)
    return content
  }
}

/** How many bytes from the beginning of an index its head takes. */
export function keyIndexHeadBytes(partitions: number): number {
  return headBytes + 4 * partitions
}

/** @throws RangeError when `content` is not the head of an index with so many partitions. */
export function readKeyIndexHead(content: Uint8Array, partitions: number): KeyIndexHead {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (buffer.length < keyIndexHeadBytes(partitions) || buffer.readUInt32BE(0) !== magic) {
    throw new RangeError('not the head of a key index')
  }
  if (buffer.readUInt32BE(8) !== partitions) {
    throw new RangeError(`the key index has ${buffer.readUInt32BE(8)} partitions, not ${partitions}`)
  }
  const firsts = Array.from({ length: partitions }, (_, i) => buffer.readUInt32BE(headBytes + 4 * i))
  return { entries: buffer.readUInt32BE(4), firsts }
}

/** The bytes [start, end) of an index that hold one partition; they are empty where start = end. */
export function keyIndexRange(
  head: KeyIndexHead,
  partition: number,
): { readonly start: number; readonly end: number } {
  const at = (entry: number) => keyIndexHeadBytes(head.firsts.length) + entryBytes * entry
  return {
    start: at(head.firsts[partition] ?? head.entries),
    end: at(head.firsts[partition + 1] ?? head.entries),
  }
}

/** The entries in the bytes of one or more whole partitions, in order of their digests. */
export function* keyEntries(content: Uint8Array): Generator<KeyEntry> {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  for (let at = 0; at + entryBytes <= buffer.length; at += entryBytes) {
    const ordinal = buffer.readUInt32BE(at + 16)
    yield {
      digest: content.subarray(at, at + 16),
      ordinal: (ordinal & ~excludedBit) >>> 0,
      excluded: (ordinal & excludedBit) !== 0,
    }
  }
}
