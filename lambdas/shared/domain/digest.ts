import { createHash } from 'node:crypto'
import { encodeFields } from './canonical.ts'
import type { Fields } from './value.ts'

const modulus = 1n << 128n

/** A digest of many records in any order: how many there are, and the sum of their digests modulo 2^128. */
export interface SetDigest {
  readonly count: number
  /** 32 hexadecimal digits. */
  readonly sum: string
}

export const emptyDigest: SetDigest = { count: 0, sum: '0'.repeat(32) }

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** First 128 bits of the SHA-256 of a record's canonical text; key attributes are among the fields. */
export function recordDigest(fields: Fields): bigint {
  return textDigest(encodeFields(fields))
}

/** The same of a record whose canonical text is at hand. */
export function textDigest(text: string): bigint {
  return BigInt(`0x${sha256(text).slice(0, 32)}`)
}

/** Where a key stands in the key index: 128 bits over the target's name and the key's canonical text. */
export function keyDigest(target: string, key: Fields): Uint8Array {
  const digest = createHash('sha256').update(JSON.stringify(target)).update(encodeFields(key)).digest()
  return digest.subarray(0, 16)
}

/** Collects digests. A sum, because with XOR two equal records would cancel each other. */
export class DigestSum {
  private count = 0
  private sum = 0n

  add(digest: bigint): void {
    this.count += 1
    this.sum = (this.sum + digest) % modulus
  }

  result(): SetDigest {
    return { count: this.count, sum: this.sum.toString(16).padStart(32, '0') }
  }
}

export function addDigests(a: SetDigest, b: SetDigest): SetDigest {
  const sum = (BigInt(`0x${a.sum}`) + BigInt(`0x${b.sum}`)) % modulus
  return { count: a.count + b.count, sum: sum.toString(16).padStart(32, '0') }
}
