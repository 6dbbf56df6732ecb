import { describe, expect, it } from 'vitest'
import { matchRoute } from '../../../../local/services/http-api/routes.ts'
import { Throttle } from '../../../../local/services/http-api/throttle.ts'

const route = (routeKey: string) => ({ routeKey, functionArn: 'arn', timeoutMilliseconds: 30_000 })

describe('a route', () => {
  const keys = [
    'GET /gates/{capability}',
    'ANY /gates/{capability}',
    'GET /gates/list',
    'GET /{proxy+}',
    'POST /gates/{capability}/decision',
    '$default',
  ]
  const chosen = (method: string, path: string, routeKeys = keys) =>
    matchRoute(
      routeKeys.map((key) => route(key)),
      method,
      path,
    )?.route.routeKey

  it.each([
    ['GET', '/gates/list', 'GET /gates/list'],
    ['GET', '/gates/abc', 'GET /gates/{capability}'],
    ['HEAD', '/gates/abc', 'ANY /gates/{capability}'],
    ['POST', '/gates/abc/decision', 'POST /gates/{capability}/decision'],
    ['GET', '/other/path', 'GET /{proxy+}'],
    ['PUT', '/other/path', '$default'],
  ])('%s %s is %s', (method, path, expected) => expect(chosen(method, path)).toBe(expected))

  it('is none when none matches; HEAD is not GET', () => {
    expect(chosen('HEAD', '/a', ['GET /a'])).toBeUndefined()
    expect(chosen('GET', '/a/b', ['GET /a', 'GET /a/{b}/c'])).toBeUndefined()
  })

  it('decodes its parameters', () => {
    expect(matchRoute([route('GET /a/{b}/{c+}')], 'GET', '/a/x%20y/1/2')?.pathParameters).toEqual({
      b: 'x y',
      c: '1/2',
    })
  })
})

it('a throttle lets a burst through, then the rate', () => {
  let now = 0
  const throttle = new Throttle({ rate: 2, burst: 3 }, () => now)
  expect([1, 2, 3, 4].map(() => throttle.take())).toEqual([true, true, true, false])
  now = 500
  expect([1, 2].map(() => throttle.take())).toEqual([true, false])
})
