import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Context } from 'aws-lambda'
import { z } from 'zod'
import { run } from '../../../lambdas/shared/contract/payloads.ts'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { stepHandler } from '../../../lambdas/shared/handler/step-handler.ts'

// Powertools writes through the global console only in this mode, and reads it while it is loaded.
vi.hoisted(() => Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' }))

const context = { getRemainingTimeInMillis: () => 10_000, awsRequestId: 'request-1' } as Context
const input = z.object({ run, segment: z.string(), stage: z.string() })
const fingerprint = 'a'.repeat(64)
const event = {
  run: {
    migration: 'cities',
    id: 'run-1',
    executionArn: 'arn:run-1',
    startedBy: 'someone@example.com',
    startedAt: '2026-01-01T00:00:00Z',
    fingerprint,
    lockToken: 1,
    concurrency: 5,
  },
  segment: 'airports',
  stage: 'pilot',
}
const printed: string[] = []

beforeEach(() => {
  vi.stubEnv('FINGERPRINTS', JSON.stringify({ cities: fingerprint }))
  for (const name of ['log', 'info', 'error'] as const) {
    vi.spyOn(console, name).mockImplementation((text: string) => void printed.push(text))
  }
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  printed.length = 0
})

test('the input is parsed, and counted under migration, segment and stage alone', async () => {
  const handler = stepHandler({
    name: 'extract',
    input,
    run: async ({ segment }, { metrics }) => {
      metrics.count('RecordsExtracted', 7)
      return { segment }
    },
  })
  expect(await handler(event, context)).toEqual({ segment: 'airports' })
  const emf = printed
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .find((line) => '_aws' in line)
  expect(emf).toMatchObject({ migration: 'cities', segment: 'airports', stage: 'pilot', RecordsExtracted: 7 })
  expect(emf?.['_aws']).toMatchObject({
    CloudWatchMetrics: [{ Namespace: 'Lockgate', Dimensions: [['migration', 'segment', 'stage']] }],
  })
  expect(Object.keys(emf ?? {}).sort()).toEqual(['RecordsExtracted', '_aws', 'migration', 'segment', 'stage'])
})

test('an input that breaks its contract is refused, with the field', async () => {
  const handler = stepHandler({ name: 'extract', input, run: async () => 'never' })
  const refused = handler({ ...event, segment: 5 }, context)
  await expect(refused).rejects.toMatchObject({
    name: 'InvalidInput',
    message: expect.stringContaining('segment') as string,
  })
})

test('a function with another fingerprint than the run is refused', async () => {
  vi.stubEnv('FINGERPRINTS', JSON.stringify({ cities: 'b'.repeat(64) }))
  const handler = stepHandler({ name: 'extract', input, run: async () => 'never' })
  await expect(handler(event, context)).rejects.toMatchObject({ name: 'RunNotPinned' })
})

test.each([
  Object.assign(new Error('read ECONNRESET'), { name: 'TimeoutError', code: 'ECONNRESET' }),
  Object.assign(new Error('aborted'), { code: 'ECONNRESET' }),
  Object.assign(new Error('slow'), { name: 'SlowDown', $metadata: { httpStatusCode: 503, attempts: 8 } }),
  Object.assign(new Error('oops'), { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }),
  Object.assign(new Error('rate'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }),
  Object.assign(new Error('busy'), {
    name: 'TransactionConflictException',
    $metadata: { httpStatusCode: 400 },
  }),
])('what passes by itself has one name, which state machines retry: %o', async (cause) => {
  const handler = stepHandler({ name: 'extract', input, run: () => Promise.reject(cause) })
  await expect(handler(event, context)).rejects.toMatchObject({ name: 'ServiceUnavailable', cause })
})

test.each([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationErrorException',
  'KMSAccessDeniedException',
])('a missing permission has one name, and says what to do: %s', async (name) => {
  const words =
    'User: arn:role is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::archive/undo/1'
  const cause = Object.assign(new Error(words), { name, $metadata: { httpStatusCode: 403 } })
  const handler = stepHandler({ name: 'load', input, run: () => Promise.reject(cause) })
  await expect(handler(event, context)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /^load lacks a permission: User: .*undo\/1\. Give it back .*redrive the run/,
    ) as string,
    cause,
  })
})

test.each([
  Object.assign(new Error('no'), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } }),
  new LockgateError('LockLost', 'over', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
  new TypeError('a fault of Lockgate'),
])('what does not keeps its own: %o', async (failure) => {
  const handler = stepHandler({ name: 'extract', input, run: () => Promise.reject(failure) })
  await expect(handler(event, context)).rejects.toBe(failure)
})

test('a failure is logged by name and message, with the cause', async () => {
  const failure = new Error('refused', { cause: new TypeError('socket') })
  const handler = stepHandler({ name: 'extract', input, run: () => Promise.reject(failure) })
  await expect(handler(event, context)).rejects.toBe(failure)
  expect(printed.map((text) => JSON.parse(text) as unknown)).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      reason: 'refused',
      step: 'extract',
      cause: 'TypeError: socket',
      segment: 'airports',
    }),
  )
})
