import { constants, type SignKeyObjectInput } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

export interface SigningAlgorithm {
  readonly hash: string
  input(key: KeyObject): SignKeyObjectInput
}

const rsaPss = (key: KeyObject): SignKeyObjectInput => ({
  key,
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
})
const rsaPkcs1 = (key: KeyObject): SignKeyObjectInput => ({ key, padding: constants.RSA_PKCS1_PADDING })
// KMS gives ECDSA signatures in DER, which is what Node makes unless told otherwise.
const ecdsa = (key: KeyObject): SignKeyObjectInput => ({ key })

const bySpec: Readonly<Record<string, Readonly<Record<string, SigningAlgorithm>>>> = {
  ECC_NIST_P256: { ECDSA_SHA_256: { hash: 'sha256', input: ecdsa } },
  ECC_NIST_P384: { ECDSA_SHA_384: { hash: 'sha384', input: ecdsa } },
  ECC_NIST_P521: { ECDSA_SHA_512: { hash: 'sha512', input: ecdsa } },
}

const rsa = Object.fromEntries(
  ['256', '384', '512'].flatMap((bits) => [
    [`RSASSA_PSS_SHA_${bits}`, { hash: `sha${bits}`, input: rsaPss }],
    [`RSASSA_PKCS1_V1_5_SHA_${bits}`, { hash: `sha${bits}`, input: rsaPkcs1 }],
  ]),
) as Readonly<Record<string, SigningAlgorithm>>

export function signingAlgorithms(spec: string): Readonly<Record<string, SigningAlgorithm>> {
  return bySpec[spec] ?? (spec.startsWith('RSA_') ? rsa : {})
}

/** `HMAC_256` knows `HMAC_SHA_256` only. */
export function macAlgorithm(spec: string): { readonly name: string; readonly hash: string } {
  const bits = spec.slice('HMAC_'.length)
  return { name: `HMAC_SHA_${bits}`, hash: `sha${bits}` }
}
