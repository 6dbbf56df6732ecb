import { expect, test } from 'vitest'
import { Pace } from '../../../lambdas/shared/adapters/dynamodb-target/pace.ts'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const named = (name: string) => Object.assign(new Error('refused'), { name })
const throttle = () => named('ProvisionedThroughputExceededException')
const numbers = Array.from({ length: 100 }, (_, i) => i)

test('results come in the order of the items, and no more run at once than allowed', async () => {
  const pace = new Pace({ clock: new FakeClock(), most: 8 })
  let running = 0
  let most = 0
  const results = await pace.all(numbers, undefined, async (n) => {
    most = Math.max(most, (running += 1))
    await new Promise((resolve) => setTimeout(resolve, (n * 7) % 5))
    running -= 1
    return n * 2
  })
  expect(results).toEqual(numbers.map((n) => n * 2))
  expect(most).toBe(8)
})

test('throttling slows down and is waited out; then it grows again', async () => {
  const clock = new FakeClock()
  let throttles = 0
  const pace = new Pace({ clock, most: 16, onThrottle: () => (throttles += 1), random: () => 1 })
  const refused = new Set(numbers.filter((n) => n < 4))
  const results = await pace.all(numbers, undefined, async (n) => {
    if (refused.delete(n)) throw throttle()
    return n
  })
  expect(results).toEqual(numbers)
  expect(throttles).toBe(4)
  expect(clock.sleeps).toEqual([100, 100, 100, 100])
  const slow = pace.limit
  expect(slow).toBeLessThan(16)
  await pace.all([...numbers, ...numbers, ...numbers], undefined, async (n) => n)
  expect(pace.limit).toBeGreaterThan(slow)
})

test('when the time runs out while the target throttles, it says so', async () => {
  const controller = new AbortController()
  const clock = new FakeClock()
  clock.whileAsleep = () => {
    if (clock.sleeps.length === 5) controller.abort(new LockgateError('TimeTooShort', 'over'))
  }
  const pace = new Pace({ clock, most: 4 })
  const run = pace.all([1], controller.signal, () => Promise.reject(throttle()))
  await expect(run).rejects.toMatchObject({ name: 'TargetThrottled' })
})

test('a broken connection is tried again, and not for ever', async () => {
  const pace = new Pace({ clock: new FakeClock(), most: 4 })
  let tries = 0
  const broken = () => {
    tries += 1
    return Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
  }
  await expect(pace.all([1], undefined, broken)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(tries).toBe(8)
})

test('a write that meets a transaction of somebody else is tried again, as often, and nothing slows down', async () => {
  let throttles = 0
  const pace = new Pace({ clock: new FakeClock(), most: 4, onThrottle: () => (throttles += 1) })
  const conflict = () =>
    Object.assign(named('TransactionConflictException'), { $metadata: { httpStatusCode: 400 } })
  let tries = 0
  const once = pace.all([1], undefined, async () => {
    if ((tries += 1) < 3) throw conflict()
    return 'written'
  })
  expect(await once).toEqual(['written'])
  expect({ throttles, limit: pace.limit }).toEqual({ throttles: 0, limit: 4 })
  const always = pace.all([1], undefined, () => Promise.reject(conflict()))
  await expect(always).rejects.toMatchObject({ name: 'TransactionConflictException' })
})

test('when one task fails, nothing is under way any more when the failure is told', async () => {
  const pace = new Pace({ clock: new FakeClock(), most: 8 })
  let running = 0
  const failure = new Error('refused')
  const run = pace.all(numbers, undefined, async (n, signal) => {
    running += 1
    try {
      if (n === 3) throw failure
      await new Promise((resolve) => setTimeout(resolve, 5))
      signal.throwIfAborted()
    } finally {
      running -= 1
    }
  })
  await expect(run).rejects.toBe(failure)
  expect(running).toBe(0)
})
