import { expect, test } from 'vitest'
import { memoryFlags } from '../../../../local/lambda/environment.ts'
import { functionOf } from './fixtures.ts'

const flagsWith = (NODE_OPTIONS?: string) =>
  memoryFlags({
    ...functionOf('', { memoryMiB: 1000, environment: NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS } }),
    version: '$LATEST',
  })

test('the two generations of the heap are shares of the memory size, as on Lambda', () => {
  const shares = ['--max-semi-space-size=50', '--max-old-space-size=900']
  expect(flagsWith()).toEqual(shares)
  expect(flagsWith('--enable-source-maps')).toEqual(shares)
})

test.each([
  '--max-semi-space-size=16',
  '--max_semi_space_size=16',
  '--max-old-space-size=400',
  '--max_old_space_size=4',
])('NODE_OPTIONS %s leaves both to NODE_OPTIONS', (options) => expect(flagsWith(options)).toEqual([]))
