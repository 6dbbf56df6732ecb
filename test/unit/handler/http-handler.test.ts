import type { Context } from 'aws-lambda'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { pageResponse } from '../../../lambdas/shared/domain/page/page-response.ts'
import { httpHandler, type HttpRequest } from '../../../lambdas/shared/handler/http-handler.ts'
import type { Refused } from '../../../lambdas/shared/ports/link-record.ts'

vi.hoisted(() => Object.assign(process.env, { POWERTOOLS_DEV: 'true' }))

const secret = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE'
const context = { awsRequestId: 'request-1' } as Context
const eventOf = (method: string, body?: string, isBase64Encoded = false) => ({
  version: '2.0',
  routeKey: `${method} /gates/{capability}`,
  rawPath: `/gates/${secret}`,
  rawQueryString: '',
  headers: { Host: 'gates.example.com', referer: `https://gates.example.com/gates/${secret}` },
  pathParameters: { capability: secret },
  requestContext: {
    ...{ domainName: 'gates.example.com' },
    http: { method, path: `/gates/${secret}`, sourceIp: '192.0.2.1' },
  },
  ...(body !== undefined && { body }),
  isBase64Encoded,
})

let printed = ''
beforeEach(() => {
  printed = ''
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, name).mockImplementation((text: string) => void (printed += text))
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  expect(printed).not.toContain(secret)
})

const asIs = async (error: LockgateError): Promise<Refused> => ({ error })
const handlerOf = (
  respond: (request: HttpRequest) => Promise<ReturnType<typeof pageResponse>>,
  refused: (error: LockgateError, request: HttpRequest) => Promise<Refused> = asIs,
) => httpHandler({ name: 'show-gate', respond, refused })

test('the function sees the capability, lower-case headers and the decoded body', async () => {
  const seen: HttpRequest[] = []
  const handler = handlerOf(async (request) => {
    seen.push(request)
    return pageResponse(200, 'page')
  })
  const answer = await handler(eventOf('POST', Buffer.from('a=1').toString('base64'), true), context)
  expect(answer).toMatchObject({ statusCode: 200, body: 'page', headers: { 'x-frame-options': 'DENY' } })
  expect(seen[0]).toMatchObject({ capability: secret, headers: { host: 'gates.example.com' } })
  expect(seen[0]).toMatchObject({ method: 'POST', address: '192.0.2.1' })
  expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe('a=1')
})

test('HEAD has the headers and no body', async () => {
  const handler = handlerOf(async () => pageResponse(200, 'page'))
  expect(await handler(eventOf('HEAD'), context)).toMatchObject({ statusCode: 200, body: '' })
})

test.each([
  ['GateNotFound', 404],
  ['SourceRefused', 429],
  ['CrossSiteRequest', 403],
  ['MalformedForm', 415],
  ['FormTooLarge', 413],
  ['GateClosed', 410],
  ['StaleEvidence', 409],
  ['StageNotPassed', 409],
  ['EvidenceAltered', 409],
] as const)('%s is a page that says so and no more', async (name, statusCode) => {
  const handler = handlerOf(() => Promise.reject(new LockgateError(name, 'why')))
  const answer = await handler(eventOf('GET'), context)
  expect(answer).toMatchObject({ statusCode, headers: { 'cache-control': 'no-store, max-age=0' } })
  expect(answer).not.toHaveProperty('body', expect.stringContaining('example.com'))
  expect(printed).toContain(name)
})

test('what a refusal is answered with is told by who records it', async () => {
  const told: unknown[] = []
  const refused = async (error: LockgateError, { capability }: HttpRequest) => {
    told.push(error.name, capability)
    return { error: new LockgateError('SourceRefused', 'why'), retryAfterSeconds: 90 }
  }
  const handler = handlerOf(() => Promise.reject(new LockgateError('GateNotFound', 'why')), refused)
  expect(await handler(eventOf('GET'), context)).toMatchObject({
    statusCode: 429,
    headers: { 'retry-after': '90', 'cache-control': 'no-store, max-age=0' },
  })
  expect(told).toEqual(['GateNotFound', secret])
})

test('a refusal stands where it cannot be recorded', async () => {
  const broken = () => Promise.reject(new Error('no log'))
  const handler = handlerOf(() => Promise.reject(new LockgateError('GateClosed', 'why')), broken)
  expect(await handler(eventOf('POST'), context)).toMatchObject({ statusCode: 410 })
  expect(printed).toContain('a refusal is not in the decision log')
})

test('any other failure is a page as well, and is logged by name and message alone', async () => {
  const handler = handlerOf(() => Promise.reject(Object.assign(new Error('broken'), { path: secret })))
  const answer = await handler(eventOf('GET'), context)
  expect(answer).toMatchObject({ statusCode: 500 })
  expect(answer).not.toHaveProperty('body', expect.stringContaining('broken'))
  expect(printed).toContain('broken')
})

test('an event without a capability is refused', async () => {
  const handler = handlerOf(async () => pageResponse(200, 'page'))
  expect(await handler({ ...eventOf('GET'), pathParameters: {} }, context)).toMatchObject({ statusCode: 400 })
})
