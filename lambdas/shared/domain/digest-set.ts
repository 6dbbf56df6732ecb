const digestBytes = 16

/**
 * Digests of 16 bytes, numbered from 0 in the order in which they came, in flat memory: 24 to 48 bytes each, where a
 * Set of strings would take some 150. The digests of one partition begin with the same bits, and differ behind them.
 */
export class DigestSet {
  #digests = Buffer.alloc(digestBytes * 1024)
  /** Open addressing: number of the digest and 1, or 0 for a free place. Twice as many places as digests, at least. */
  #places = new Uint32Array(2 * 1024)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The number of a digest, which is `size` as it was before where it is new. */
  add(digest: Uint8Array): number {
    const place = this.#placeOf(digest)
    const known = this.#places[place] ?? 0
    if (known > 0) return known - 1
    this.#digests.set(digest, this.#size * digestBytes)
    this.#size += 1
    this.#places[place] = this.#size
    if (2 * this.#size === this.#places.length) this.#grow()
    return this.#size - 1
  }

  numberOf(digest: Uint8Array): number | undefined {
    const known = this.#places[this.#placeOf(digest)] ?? 0
    return known > 0 ? known - 1 : undefined
  }

  #placeOf(digest: Uint8Array): number {
    const last = this.#places.length - 1
    const view = Buffer.from(digest.buffer, digest.byteOffset, digestBytes)
    let place = view.readUInt32BE(digestBytes - 4) & last
    for (;;) {
      const known = this.#places[place] ?? 0
      if (known === 0) return place
      const at = (known - 1) * digestBytes
      if (view.compare(this.#digests, at, at + digestBytes) === 0) return place
      place = (place + 1) & last
    }
  }

  #grow(): void {
    const digests = this.#digests
    this.#digests = Buffer.alloc(2 * digests.length)
    digests.copy(this.#digests)
    this.#places = new Uint32Array(2 * this.#places.length)
    for (let number = 0; number < this.#size; number += 1) {
      const at = number * digestBytes
      this.#places[this.#placeOf(digests.subarray(at, at + digestBytes))] = number + 1
    }
  }
}
