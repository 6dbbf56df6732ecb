import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Guard } from '../../../../local/permissions/guard.ts'
import type { Services } from '../../../../local/services/services.ts'
import { account, assembly, openGuard, region, start } from './fixtures.ts'

const functionArn = `arn:aws:lambda:${region}:${account}:function:page`
const route = (routeKey: string, more = {}) => ({
  routeKey,
  functionArn,
  timeoutMilliseconds: 30_000,
  ...more,
})

describe('an HTTP API', () => {
  let services: Services
  let base: string
  let answer: unknown
  const events: Record<string, unknown>[] = []
  const asked: unknown[] = []
  const guard: Guard = {
    ...openGuard,
    refusalOfAction: (principal, { context }) => {
      asked.push([principal, context['aws:SourceArn']])
      return principal === 'nobody' ? { action: '', resourceArn: '', message: '' } : undefined
    },
  }
  beforeAll(async () => {
    const routes = [
      route('GET /gates/{capability}', { throttle: { rate: 0.001, burst: 100 } }),
      route('POST /gates/{capability}'),
      route('GET /rare', { throttle: { rate: 0.001, burst: 1 } }),
      route('GET /slow', { timeoutMilliseconds: 20 }),
    ]
    services = await start({
      guard,
      assembly: { ...assembly, httpApis: [{ id: 'abc', name: 'gate', endpoint: '', routes }] },
      invoke: async ({ payload }) => {
        const event = payload as Record<string, unknown>
        events.push(event)
        if (event['rawPath'] === '/slow') await new Promise((resolve) => setTimeout(resolve, 200))
        return answer === 'fail' ? { payload: {}, functionError: 'Unhandled' } : { payload: answer }
      },
    })
    base = `${services.endpoint}/api/abc`
  })
  afterAll(() => services.close())
  beforeEach(() => void events.splice(0))

  it('sends an event of format 2.0', async () => {
    answer = { statusCode: 204 }
    await fetch(`${base}/gates/x%20y?a=1&a=2&b=`, {
      headers: { cookie: 'k=v; l=w', 'X-Own': 'yes', 'user-agent': 'test' },
    })
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'GET /gates/{capability}',
      rawPath: '/gates/x%20y',
      rawQueryString: 'a=1&a=2&b=',
      cookies: ['k=v', 'l=w'],
      queryStringParameters: { a: '1,2', b: '' },
      pathParameters: { capability: 'x y' },
      headers: { 'x-own': 'yes', 'x-forwarded-proto': 'http' },
      requestContext: {
        accountId: account,
        apiId: 'abc',
        stage: '$default',
        routeKey: 'GET /gates/{capability}',
        http: {
          method: 'GET',
          path: '/gates/x%20y',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
      },
      isBase64Encoded: false,
    })
    const event = events[0] as { headers: object; requestContext: { timeEpoch: number; time: string } }
    expect(event.headers).not.toHaveProperty('cookie')
    expect(event).not.toHaveProperty('body')
    expect(Math.abs(event.requestContext.timeEpoch - Date.now())).toBeLessThan(5000)
    expect(event.requestContext.time).toMatch(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
    expect(asked).toContainEqual([
      'apigateway.amazonaws.com',
      `arn:aws:execute-api:${region}:${account}:abc/$default/GET/gates/{capability}`,
    ])
  })

  it.each([
    ['application/json', '{"a":1}', false],
    ['text/plain', 'ä', false],
    ['application/x-www-form-urlencoded', 'reason=ok', true],
    ['application/octet-stream', '\u0000', true],
  ])('of the type %s', async (type, body, isBase64Encoded) => {
    answer = { statusCode: 200 }
    await fetch(`${base}/gates/x`, { method: 'POST', headers: { 'content-type': type }, body })
    const expected = isBase64Encoded ? Buffer.from(body).toString('base64') : body
    expect(events[0]).toMatchObject({ body: expected, isBase64Encoded })
  })

  it('answers as told, cookies and binary bodies included', async () => {
    const headers = { 'Content-Type': 'text/html', 'X-Number': 3 }
    answer = {
      statusCode: 201,
      headers,
      cookies: ['a=1', 'b=2'],
      body: Buffer.from('<p>').toString('base64'),
      isBase64Encoded: true,
    }
    const response = await fetch(`${base}/gates/x`)
    expect(response.status).toBe(201)
    expect(await response.text()).toBe('<p>')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('x-number')).toBe('3')
    expect(response.headers.get('content-type')).toBe('text/html')
    answer = { statusCode: 200, body: 'plain' }
    expect((await fetch(`${base}/gates/x`)).headers.get('content-type')).toBe('text/plain;charset=UTF-8')
  })

  it('infers an answer that has no status', async () => {
    answer = { decided: true }
    const response = await fetch(`${base}/gates/x`)
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
      200,
      'application/json',
      { decided: true },
    ])
    answer = 'hello'
    expect(await (await fetch(`${base}/gates/x`)).text()).toBe('hello')
  })

  it.each([
    ['an unknown path', () => fetch(`${base}/none`), 404, 'Not Found'],
    ['HEAD of a GET route', () => fetch(`${base}/gates/x`, { method: 'HEAD' }), 404, undefined],
    [
      'a body of more than 10 MB',
      () => fetch(`${base}/gates/x`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) }),
      413,
      'Request Entity Too Large',
    ],
    ['a function that is late', () => fetch(`${base}/slow`), 503, 'Service Unavailable'],
  ])('refuses %s', async (_what, call, status, message) => {
    answer = { statusCode: 200 }
    const response = await call()
    expect(response.status).toBe(status)
    if (message) expect(await response.json()).toEqual({ message })
  })

  it('throttles by route', async () => {
    answer = { statusCode: 200 }
    expect((await fetch(`${base}/rare`)).status).toBe(200)
    expect((await fetch(`${base}/rare`)).status).toBe(429)
    expect((await fetch(`${base}/gates/x`)).status).toBe(200)
  })

  it('hides what went wrong in the function', async () => {
    answer = 'fail'
    const response = await fetch(`${base}/gates/x`)
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }])
  })
})
