import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { join } from 'node:path'
import type { KeyModel } from '../../assembly/model.ts'
import { readOrCreate } from '../durable-file.ts'

const curves: Readonly<Record<string, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
}

/** Key material, in `<stateDirectory>/kms`: made once, so that what was signed can be verified after a restart. */
export class KeyStore {
  readonly #directory: string

  constructor(stateDirectory: string) {
    this.#directory = join(stateDirectory, 'kms')
  }

  secret({ id, spec }: KeyModel): Buffer {
    const bits = Number(spec.slice('HMAC_'.length))
    return Buffer.from(
      this.#read(`${id}.secret`, () => randomBytes(bits / 8).toString('hex')),
      'hex',
    )
  }

  privateKey({ id, spec }: KeyModel): KeyObject {
    return createPrivateKey(this.#read(`${id}.pem`, () => generate(spec)))
  }

  publicKey(key: KeyModel): KeyObject {
    return createPublicKey(this.privateKey(key))
  }

  #read(file: string, make: () => string): string {
    return readOrCreate(join(this.#directory, file), make)
  }
}

function generate(spec: string): string {
  const namedCurve = curves[spec]
  const { privateKey } = namedCurve
    ? generateKeyPairSync('ec', { namedCurve })
    : generateKeyPairSync('rsa', { modulusLength: Number(spec.slice('RSA_'.length)) })
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}
