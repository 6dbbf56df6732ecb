import { describe, expect, test } from 'vitest'
import {
  dayOf,
  guessing,
  refusedUntil,
  sourceName,
  windowStart,
} from '../../../lambdas/shared/domain/gate-rules/guessing.ts'

const start = Date.UTC(2026, 0, 1, 12)
const { most, windowMilliseconds: window } = guessing

describe('how long a source is refused', () => {
  test.each([
    [0, 0, undefined],
    [most - 1, most - 1, undefined],
    [most, 0, start + 2 * window],
    [most + 500, most, start + 2 * window],
    [0, most, start + window],
  ])('%i wrong ones now and %i before', (now, before, until) => {
    for (const moment of [start, start + 1, start + window - 1])
      expect(refusedUntil({ now, before }, moment)).toBe(until)
  })

  test('windows lie end to end', () => {
    expect(windowStart(start + window - 1)).toBe(start)
    expect(windowStart(start + window)).toBe(start + window)
  })

  test('a day is one of UTC', () => {
    expect(dayOf(Date.UTC(2026, 11, 31, 23, 59, 59))).toBe('2026-12-31')
  })
})

describe('what stands for an address', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  const name = (address: string) => sourceName(address, key)

  test('is not the address, and another one under another key', () => {
    expect(name('192.0.2.1')).toMatch(/^[0-9a-f]{32}$/)
    expect(name('192.0.2.1')).not.toBe(sourceName('192.0.2.1', Buffer.alloc(32, 8).toString('base64')))
    expect(name('192.0.2.1')).not.toBe(name('192.0.2.2'))
    expect(name('')).toMatch(/^[0-9a-f]{32}$/)
  })

  test.each([
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', true],
    ['2001:db8::1', '2001:db8:0:0:5::', true],
    ['::1', '0:0:0:0:0:0:0:2', true],
    ['fe80::1%eth0', 'fe80::2', true],
    ['::ffff:192.0.2.1', '192.0.2.1', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::ffff:192.0.2.1', '192.0.2.2', false],
  ])('%s and %s are the same source: %s', (one, other, same) => {
    expect(name(one) === name(other)).toBe(same)
  })
})
