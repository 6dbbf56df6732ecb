import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

export const checksumAlgorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number]

export interface RunningChecksum {
  update(chunk: Uint8Array): void
  /** In base64, big-endian, as the headers carry it. */
  digest(): string
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm === 'crc32') return running32((chunk, value) => crc32(chunk, value))
  if (algorithm === 'crc32c') return running32(crc32c)
  if (algorithm === 'crc64nvme') return startCrc64()
  const hash = createHash(algorithm)
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') }
}

function running32(step: (chunk: Uint8Array, value: number) => number): RunningChecksum {
  let value = 0
  return {
    update: (chunk) => (value = step(chunk, value)),
    digest: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value >>> 0)
      return bytes.toString('base64')
    },
  }
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value >>> 0
})

function crc32c(chunk: Uint8Array, previous: number): number {
  let value = ~previous
  for (const byte of chunk) value = (castagnoli[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return ~value >>> 0
}

/** CRC-64/NVME, reflected, in two halves, since the bit operations of JavaScript have 32 bits. */
const polynomial = { high: 0x9a6c9329, low: 0xac4bc9b5 }
const high = new Uint32Array(256)
const low = new Uint32Array(256)
for (let index = 0; index < 256; index += 1) {
  let upper = 0
  let lower = index
  for (let bit = 0; bit < 8; bit += 1) {
    const odd = lower & 1
    lower = ((lower >>> 1) | (upper << 31)) ^ (odd ? polynomial.low : 0)
    upper = (upper >>> 1) ^ (odd ? polynomial.high : 0)
  }
  high[index] = upper
  low[index] = lower
}

function startCrc64(): RunningChecksum {
  let upper = ~0
  let lower = ~0
  return {
    update: (chunk) => {
      for (const byte of chunk) {
        const index = (lower ^ byte) & 0xff
        lower = ((lower >>> 8) | (upper << 24)) ^ (low[index] ?? 0)
        upper = (upper >>> 8) ^ (high[index] ?? 0)
      }
    },
    digest: () => {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32BE(~upper >>> 0)
      bytes.writeUInt32BE(~lower >>> 0, 4)
      return bytes.toString('base64')
    },
  }
}
