import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { lambdaDeadline } from '../../../lambdas/shared/handler/lambda-deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function lambda(milliseconds: number) {
  const end = Date.now() + milliseconds
  return { getRemainingTimeInMillis: () => end - Date.now() }
}

test.each<[number, number, number]>([
  [900_000, 840_000, 895_000],
  [20_000, 15_000, 18_000],
])('of %d ms it is near after %d, and aborts after %d', (given, near, abort) => {
  const deadline = lambdaDeadline(lambda(given))
  vi.advanceTimersByTime(near)
  expect(deadline.isNear()).toBe(false)
  vi.advanceTimersByTime(1)
  expect(deadline.isNear()).toBe(true)
  vi.advanceTimersByTime(abort - near - 2)
  expect(deadline.signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(deadline.signal.reason).toMatchObject({ name: 'TimeTooShort' })
})

test('a function that is done is not aborted afterwards', () => {
  const deadline = lambdaDeadline(lambda(20_000))
  deadline.clear()
  vi.advanceTimersByTime(30_000)
  expect(deadline.signal.aborted).toBe(false)
})
