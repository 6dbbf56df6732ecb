import { sha256 } from '../digest.ts'

/** 256 random bits as base64url: 43 characters. The last one carries four bits, so not every letter can end it. */
const form = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

export function capabilityText(bits: Uint8Array): string {
  if (bits.length !== 32) throw new RangeError('a capability has 256 bits')
  return Buffer.from(bits).toString('base64url')
}

/** Under this hash a capability is stored; `undefined` for what cannot be a capability. */
export function capabilityHash(text: string): string | undefined {
  return form.test(text) ? sha256(text) : undefined
}
