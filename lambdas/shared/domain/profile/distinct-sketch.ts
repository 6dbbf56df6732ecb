/**
 * How many different values there are, from the 256 smallest of their hashes ("k minimum values"): exact below 256,
 * beyond that with a standard error of about 6 %. Sketches of parts make the sketch of the whole. The hash has no
 * key: who has a sketch can try whether a value is in it, so only values that need no hiding may be added.
 */
export const sketchSize = 256
/** Standard error of a count that is not exact, as a share of it. */
export const sketchError = 1 / Math.sqrt(sketchSize - 2)

const hashBytes = 6
const hashRange = 2 ** (8 * hashBytes)

export class DistinctSketch {
  /** Ascending, each once. */
  #hashes: number[] = []
  #last: string | undefined

  add(text: string): void {
    // Exports are often sorted by something: then the same value comes again and again.
    if (text === this.#last) return
    this.#last = text
    this.#insert(hash48(text))
  }

  merge(other: DistinctSketch): void {
    for (const hash of other.#hashes) this.#insert(hash)
  }

  get isExact(): boolean {
    return this.#hashes.length < sketchSize
  }

  count(): number {
    if (this.isExact) return this.#hashes.length
    return Math.round(((sketchSize - 1) * hashRange) / (this.#hashes.at(-1) ?? hashRange))
  }

  encode(): string {
    const bytes = Buffer.alloc(this.#hashes.length * hashBytes)
    for (const [i, hash] of this.#hashes.entries()) bytes.writeUIntBE(hash, i * hashBytes, hashBytes)
    return bytes.toString('base64')
  }

  static decode(text: string): DistinctSketch {
    const bytes = Buffer.from(text, 'base64')
    const sketch = new DistinctSketch()
    for (let at = 0; at + hashBytes <= bytes.length; at += hashBytes)
      sketch.#insert(bytes.readUIntBE(at, hashBytes))
    return sketch
  }

  #insert(hash: number): void {
    const hashes = this.#hashes
    const isFull = hashes.length === sketchSize
    if (isFull && hash >= (hashes[sketchSize - 1] ?? 0)) return
    let low = 0
    let high = hashes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((hashes[middle] ?? 0) < hash) low = middle + 1
      else high = middle
    }
    if (hashes[low] === hash) return
    hashes.splice(low, 0, hash)
    if (isFull) hashes.pop()
  }
}

/** 48 bits over the text, as evenly spread as a count needs: two multiplicative hashes, finished as in MurmurHash3. */
function hash48(text: string): number {
  let a = 0x9e3779b9 ^ text.length
  let b = 0x7f4a7c15
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x85ebca6b)
    b = Math.imul(b ^ code, 0xc2b2ae35)
  }
  a = finish(a ^ (b >>> 15))
  b = finish(b ^ a)
  return (a >>> 0) * 0x10000 + (b >>> 16)
}

function finish(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
