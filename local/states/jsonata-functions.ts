import { createHash } from 'node:crypto'
import jsonata from 'jsonata'
import { parseJson, type Json } from './json.ts'
import type { Clock } from './ports.ts'

const algorithms: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

const MAX_RANGE = 1000

const formatted = jsonata('$fromMillis($time, $picture, $zone)')

/**
 * The functions that Step Functions adds to JSONata or changes (developer guide, 'JSONata functions provided by Step
 * Functions'): $partition, $range, $hash, $random with a seed, $uuid, $parse; $eval is not there. $now and $millis read
 * the engine's clock.
 */
export function stepFunctionsFunctions(sources: {
  clock: Clock
  random: () => number
  newId: () => string
}): Record<string, unknown> {
  return {
    eval: undefined,
    partition,
    range,
    hash,
    random: (seed?: number) => (seed === undefined ? sources.random() : seeded(seed)),
    uuid: () => sources.newId(),
    parse: (text?: string): Json | undefined => {
      if (text === undefined) return undefined
      if (typeof text !== 'string') throw new TypeError('$parse takes a string')
      return parseJson(text)
    },
    millis: () => sources.clock.now(),
    now: (picture?: string, zone?: string) =>
      picture === undefined
        ? new Date(sources.clock.now()).toISOString()
        : formatted.evaluate(undefined, { time: sources.clock.now(), picture, zone }),
  }
}

function partition(list?: unknown, size?: unknown): unknown {
  if (list === undefined) return undefined
  const step = Math.round(numberOf('$partition', size))
  if (step < 1) throw new RangeError('$partition takes a positive chunk size')
  // JSONata shows a sequence of one as its only value.
  const values: unknown[] = Array.isArray(list) ? list : [list]
  return Array.from({ length: Math.ceil(values.length / step) }, (_, index) =>
    values.slice(index * step, (index + 1) * step),
  )
}

function range(first?: unknown, last?: unknown, by?: unknown): unknown {
  const [from, to, step] = [first, last, by].map((value) => Math.round(numberOf('$range', value)))
  if (from === undefined || to === undefined || step === undefined || step === 0) {
    throw new RangeError('$range takes a step other than 0')
  }
  const length = Math.max(0, Math.floor((to - from) / step) + 1)
  if (length > MAX_RANGE) throw new RangeError(`$range makes at most ${MAX_RANGE} items`)
  return Array.from({ length }, (_, index) => from + index * step)
}

function hash(data?: unknown, algorithm?: unknown): string | undefined {
  if (data === undefined) return undefined
  const name = typeof algorithm === 'string' ? algorithms[algorithm] : undefined
  if (typeof data !== 'string') throw new TypeError('$hash takes a string')
  if (name === undefined) throw new TypeError(`$hash knows ${Object.keys(algorithms).join(', ')}`)
  return createHash(name).update(data).digest('hex')
}

function numberOf(name: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${name} takes numbers`)
  return value
}

// mulberry32: the same seed gives the same number, which is all that is documented.
function seeded(seed: number): number {
  let mixed = (Math.round(numberOf('$random', seed)) + 0x6d2b79f5) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}
