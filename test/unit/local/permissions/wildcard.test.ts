import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesArn, matchesWildcard } from '../../../../local/permissions/wildcard.ts'

describe('wildcards', () => {
  it('match as the regular expression of the same meaning', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '/'), maxLength: 12 })
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        const source = pattern.replaceAll(/[.]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')
        expect(matchesWildcard(pattern, value)).toBe(new RegExp(`^${source}$`).test(value))
      }),
      { numRuns: 2000 },
    )
  })
  it('stay fast on patterns made to be slow', () => {
    const started = performance.now()
    expect(matchesWildcard('*a'.repeat(50) + 'b', 'a'.repeat(5_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
  it('compare ARNs field by field, the resource with its colons', () => {
    expect(matchesArn('arn:aws:states:*:*:stateMachine:m*', 'arn:aws:states:r:a:stateMachine:migrate')).toBe(
      true,
    )
    expect(matchesArn('arn:aws:*:stateMachine:m', 'arn:aws:states:r:a:stateMachine:m')).toBe(false)
  })
})
