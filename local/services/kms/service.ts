import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto'
import type { KeyModel } from '../../assembly/model.ts'
import { JsonServiceError } from '../calls.ts'
import { jsonService, textField, type JsonOperation } from '../json-service.ts'
import { macAlgorithm, signingAlgorithms, type SigningAlgorithm } from './algorithms.ts'
import type { KeyStore } from './key-store.ts'
import { signDigest } from './sign-digest.ts'

const maxMessageBytes = 4096

type Input = Readonly<Record<string, unknown>>

interface Signing {
  readonly key: KeyModel
  readonly name: string
  readonly algorithm: SigningAlgorithm
  readonly message: Buffer
  /** Whether the message is a digest already. */
  readonly isDigest: boolean
}

/** KMS for keys that sign and keys that authenticate. Nothing is encrypted on one machine. */
export function kmsService(keys: readonly KeyModel[], store: KeyStore) {
  const find = (input: Input, usage?: string): KeyModel => {
    const id = textField(input, 'KeyId')
    const key = keys.find((one) => namesOf(one).includes(id))
    if (key === undefined) throw new JsonServiceError('NotFoundException', `Key '${id}' does not exist`)
    if (usage !== undefined && key.usage !== usage) {
      const message = `${key.arn} key usage is ${key.usage} which is not valid for this operation.`
      throw new JsonServiceError('InvalidKeyUsageException', message)
    }
    return key
  }

  const mac = (input: Input) => {
    const key = find(input, 'GENERATE_VERIFY_MAC')
    const { name, hash } = macAlgorithm(key.spec)
    if (textField(input, 'MacAlgorithm') !== name) throw unsuitable(input, 'MacAlgorithm')
    return { key, name, mac: createHmac(hash, store.secret(key)).update(messageOf(input)).digest() }
  }

  const signing = (input: Input): Signing => {
    const key = find(input, 'SIGN_VERIFY')
    const name = textField(input, 'SigningAlgorithm')
    const algorithm = signingAlgorithms(key.spec)[name]
    if (algorithm === undefined) throw unsuitable(input, 'SigningAlgorithm')
    const type = input['MessageType'] ?? 'RAW'
    const message = messageOf(input)
    if (type === 'RAW') return { key, name, algorithm, message, isDigest: false }
    if (type !== 'DIGEST' || key.spec !== 'ECC_NIST_P256') {
      throw new JsonServiceError(
        'ValidationException',
        'The local KMS supports the MessageType RAW, and DIGEST of ECC_NIST_P256 only',
      )
    }
    if (message.length === 32) return { key, name, algorithm, message, isDigest: true }
    throw new JsonServiceError('ValidationException', 'Digest is invalid length for algorithm ECDSA_SHA_256.')
  }

  const operations: Readonly<Record<string, JsonOperation>> = {
    GenerateMac: (input) => {
      const made = mac(input)
      return { KeyId: made.key.arn, Mac: made.mac.toString('base64'), MacAlgorithm: made.name }
    },
    VerifyMac: (input) => {
      const made = mac(input)
      const given = Buffer.from(textField(input, 'Mac'), 'base64')
      if (given.length !== made.mac.length || !timingSafeEqual(given, made.mac)) {
        throw new JsonServiceError('KMSInvalidMacException', 'The MAC does not match')
      }
      return { KeyId: made.key.arn, MacValid: true, MacAlgorithm: made.name }
    },
    Sign: (input) => {
      const { key, name, algorithm, message, isDigest } = signing(input)
      const signature = isDigest
        ? signDigest(message, store.privateKey(key))
        : sign(algorithm.hash, message, algorithm.input(store.privateKey(key)))
      return { KeyId: key.arn, Signature: signature.toString('base64'), SigningAlgorithm: name }
    },
    Verify: (input) => {
      const { key, name, algorithm, message, isDigest } = signing(input)
      if (isDigest) throw new JsonServiceError('ValidationException', 'The local KMS verifies RAW only')
      const signature = Buffer.from(textField(input, 'Signature'), 'base64')
      if (!verify(algorithm.hash, message, algorithm.input(store.publicKey(key)), signature)) {
        throw new JsonServiceError('KMSInvalidSignatureException', 'The signature does not match')
      }
      return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: name }
    },
    GetPublicKey: (input) => {
      const key = find(input, 'SIGN_VERIFY')
      const der = store.publicKey(key).export({ format: 'der', type: 'spki' })
      return {
        KeyId: key.arn,
        PublicKey: der.toString('base64'),
        KeySpec: key.spec,
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: Object.keys(signingAlgorithms(key.spec)),
      }
    },
    DescribeKey: (input) => ({ KeyMetadata: describe(find(input)) }),
  }
  return jsonService('KMS', 'application/x-amz-json-1.1', operations)
}

function namesOf({ id, arn, aliases }: KeyModel): readonly string[] {
  return [id, arn, ...aliases.flatMap((alias) => [alias, arn.replace(/:key\/.*$/, `:${alias}`)])]
}

function describe({ id, arn, spec, usage }: KeyModel) {
  return {
    KeyId: id,
    Arn: arn,
    AWSAccountId: arn.split(':')[4],
    Enabled: true,
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    KeySpec: spec,
    KeyUsage: usage,
    ...(usage === 'SIGN_VERIFY' ? { SigningAlgorithms: Object.keys(signingAlgorithms(spec)) } : {}),
    ...(usage === 'GENERATE_VERIFY_MAC' ? { MacAlgorithms: [macAlgorithm(spec).name] } : {}),
  }
}

function messageOf(input: Input): Buffer {
  const message = Buffer.from(textField(input, 'Message'), 'base64')
  if (message.length < 1 || message.length > maxMessageBytes) {
    throw new JsonServiceError('ValidationException', `The message must have 1 to ${maxMessageBytes} bytes`)
  }
  return message
}

const unsuitable = (input: Input, field: string) =>
  new JsonServiceError('InvalidKeyUsageException', `${field} ${String(input[field])} is not one of this key`)
