import { expect, test } from 'vitest'
import { encode } from '../../../lambdas/shared/domain/canonical.ts'
import { itemBytes } from '../../../lambdas/shared/domain/forecast/item-size.ts'
import { Decimal, type Value } from '../../../lambdas/shared/domain/value.ts'

const cases: readonly (readonly [Value, number])[] = [
  ['', 0],
  ['naïve', 6],
  [null, 1],
  [true, 1],
  [0, 1],
  [7, 2],
  [1_200, 2],
  [-1_234, 4],
  [0.0625, 3],
  [123_456.789, 6],
  [123456789012345678901234567890n, 16],
  [new Decimal('1'.repeat(38)), 20],
  [Buffer.from('abc'), 3],
  [[], 3],
  [['ab', 1], 9],
  [{ ab: 'cd' }, 8],
]

test.each(cases.map(([value, bytes]) => [encode(value), value, bytes] as const))(
  '%s',
  (_text, value, bytes) => {
    expect(itemBytes({ name: value, gone: undefined })).toBe(4 + bytes)
  },
)
