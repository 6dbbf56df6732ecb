import { expect, test } from 'vitest'
import { valueType } from '../../../lambdas/shared/domain/profile/value-type.ts'
import { Decimal } from '../../../lambdas/shared/domain/value.ts'

test.each([
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
  ['0', 'whole number'],
  ['-12', 'whole number'],
  ['+', 'text'],
  ['1.5', 'decimal'],
  ['-0,25', 'decimal'],
  ['.5', 'decimal'],
  ['1.2.3', 'text'],
  ['2026-01-31', 'date'],
  ['31.01.2026', 'date'],
  ['1/2/26', 'date'],
  ['2026-01/31', 'text'],
  ['2026-01-31T12:00:00Z', 'time'],
  ['2026-01-31 9:05', 'time'],
  ['2026-01-31 noon', 'text'],
  ['12 rue', 'text'],
  ['9'.repeat(36), 'text'],
  ['Lyon', 'text'],
  [5, 'number'],
  [new Decimal('12345678901234567890.5'), 'number'],
  [true, 'boolean'],
  [[1], 'list'],
  [{ a: 1 }, 'map'],
])('%j is a %s', (value, type) => {
  expect(valueType(value)).toBe(type)
})
