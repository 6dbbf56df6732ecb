import { expect, test } from 'vitest'
import { decode, encode } from '../../../lambdas/shared/domain/canonical.ts'
import { differingFields, sameRecord, standing } from '../../../lambdas/shared/domain/comparison.ts'
import { packLines, unpackLines } from '../../../lambdas/shared/domain/frames.ts'
import { decodeImage, encodeImage, type Image } from '../../../lambdas/shared/domain/undo.ts'
import { Decimal, type Value } from '../../../lambdas/shared/domain/value.ts'

const key = { pk: 'T#1' }

test('images survive the undo log, absent records and sets among them', async () => {
  const images: Image[] = [
    { key, base: undefined, expected: undefined, after: { ...key, size: new Decimal('9007199254740993') } },
    {
      key,
      base: {
        ...key,
        tags: new Set<Value>(['b', 'a']),
        counts: new Set<Value>([1, new Decimal('0.1234567890123456789')]),
      },
      expected: { ...key, bytes: Uint8Array.of(1, 2), none: null, empty: '', lone: '\ud800', line: 'a\nb' },
      after: key,
    },
  ]
  const lines = [...(await unpackLines(await packLines(images.map(encodeImage)), String))]
  expect(lines.map(decodeImage)).toEqual(images)
  expect([...(await unpackLines(await packLines([]), String))]).toEqual([])
})

test('a line that is no image is refused by name', () => {
  for (const line of ['{"key":"T#1","after":{}}', '{"key":{}}', '["l"]', 'null']) {
    expect(() => decodeImage(line)).toThrow(expect.objectContaining({ name: 'UndoChunkMismatch' }))
  }
})

test('sets are equal whatever their order', () => {
  const [a, b] = [new Set<Value>([1, 2]), new Set<Value>([2, 1])]
  expect(encode(a)).toBe(encode(b))
  expect(encode(decode(encode(a)))).toBe(encode(a))
  expect(encode(a)).not.toBe(encode([1, 2]))
})

test('where a record stands: what it shall be comes first', () => {
  const image: Image = { key, base: undefined, expected: { ...key, size: 1 }, after: { ...key, size: 2 } }
  expect(standing(image, { ...key, size: 2 })).toBe('done')
  expect(standing(image, { ...key, size: 1 })).toBe('pending')
  expect(standing(image, { ...key, size: 3 })).toBe('conflicted')
  expect(standing(image, undefined)).toBe('conflicted')
  expect(standing({ ...image, after: image.expected ?? {} }, { ...key, size: 1 })).toBe('done')
})

test('null, absent and the empty string are three things', () => {
  const [none, empty, absent] = [{ ...key, a: null }, { ...key, a: '' }, key]
  expect([sameRecord(none, empty), sameRecord(none, absent), sameRecord(empty, absent)]).toEqual([
    false,
    false,
    false,
  ])
  expect(sameRecord({ ...key, a: undefined }, absent)).toBe(true)
  expect(differingFields({ ...none, b: 1 }, { ...key, b: 1, c: 2 })).toEqual(['a', 'c'])
})
