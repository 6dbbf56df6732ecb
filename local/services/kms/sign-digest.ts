import { createECDH, randomBytes, type KeyObject } from 'node:crypto'

/** Order of the curve P-256 (FIPS 186-5, SP 800-186). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * ECDSA over P-256 of a digest that the caller has made, as KMS does with the MessageType DIGEST. Node signs only what
 * it has hashed itself; the one step on the curve, a random point, it does lend.
 */
export function signDigest(digest: Uint8Array, privateKey: KeyObject): Buffer {
  const { d } = privateKey.export({ format: 'jwk' })
  if (typeof d !== 'string') throw new TypeError('this key has no private part on an elliptic curve')
  for (;;) {
    const k = toNumber(randomBytes(32))
    if (k === 0n || k >= order) continue
    const r = abscissaOf(k) % order
    const s = (inverse(k) * (toNumber(digest) + r * toNumber(Buffer.from(d, 'base64url')))) % order
    if (r !== 0n && s !== 0n) return der(r, s)
  }
}

/** The x of the point k times the generator. */
function abscissaOf(k: bigint): bigint {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(toBytes(k))
  return toNumber(curve.getPublicKey().subarray(1, 33))
}

/** By Fermat: the order is prime. */
function inverse(k: bigint): bigint {
  let result = 1n
  for (let base = k, exponent = order - 2n; exponent > 0n; exponent >>= 1n, base = (base * base) % order) {
    if (exponent & 1n) result = (result * base) % order
  }
  return result
}

const toNumber = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const toBytes = (n: bigint) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex')

function der(...numbers: readonly bigint[]): Buffer {
  const parts = numbers.map((n) => {
    const hex = n.toString(16)
    const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
    // A leading bit would make it negative.
    const content = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes
    return Buffer.concat([Buffer.of(0x02, content.length), content])
  })
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(0x30, content.length), content])
}
