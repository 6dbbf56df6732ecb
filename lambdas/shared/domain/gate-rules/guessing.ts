import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'

/**
 * A source that presents wrong capabilities is refused for a while. 256 bits cannot be guessed; what this saves is
 * cost, and a log full of the same. Windows lie end to end, so that counting is one atomic addition.
 */
export const guessing = { most: 20, windowMilliseconds: 600_000 } as const

/** Milliseconds since 1970 at which the window of a moment began. */
export function windowStart(now: number): number {
  return now - (now % guessing.windowMilliseconds)
}

/**
 * Until when a source is refused, by how many wrong capabilities it presented in the window of `now` and in the one
 * before: until the end of the window after the one in which it presented too many. `undefined`: it is not.
 */
export function refusedUntil(
  counts: { readonly now: number; readonly before: number },
  now: number,
): number | undefined {
  const start = windowStart(now)
  if (counts.now >= guessing.most) return start + 2 * guessing.windowMilliseconds
  return counts.before >= guessing.most ? start + guessing.windowMilliseconds : undefined
}

/** The day of a moment in UTC; each has a key of its own, which is deleted soon after. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10)
}

/**
 * What stands for an address, which is itself kept nowhere: a keyed hash. Of IPv6 the first 64 bits count, which is
 * the least that one customer is given.
 */
export function sourceName(address: string, key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64'))
    .update(networkOf(address))
    .digest('hex')
    .slice(0, 32)
}

/** The address, or the first four groups of one of IPv6, in its one shortest form. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().replace(/%.*/, '').split('::')
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''))
  if (first === undefined || last === undefined) return address
  const mapped = /^ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(tail ?? '')?.[1]
  if (head === '' && mapped !== undefined) return mapped
  const zeros = Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0')
  const groups = tail === undefined ? first : [...first, ...zeros, ...last]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
