import { expect, test } from 'vitest'
import { pageResponse } from '../../../lambdas/shared/domain/page/page-response.ts'

/**
 * What the OWASP Secure Headers Project recommends to add, word for word: `ci/headers_add.json` of
 * github.com/OWASP/www-project-secure-headers, `last_update_utc` 2026-07-19 05:44:10 (looked up on 2026-11-27).
 */
const recommended = {
  'Cache-Control': 'no-store, max-age=0',
  'Clear-Site-Data': '"cache","cookies","storage"',
  'Content-Security-Policy':
    "default-src 'self'; form-action 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; upgrade-insecure-requests",
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'accelerometer=(), autoplay=(), camera=(), cross-origin-isolated=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), keyboard-map=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), sync-xhr=(self), usb=(), web-share=(), xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(), gamepad=(), hid=(), idle-detection=(), interest-cohort=(), serial=(), unload=()',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Frame-Options': 'deny',
  'X-Permitted-Cross-Domain-Policies': 'none',
} as const

/** What of it the page leaves out, with why. Anything else that is missing is a mistake. */
const leftOut = {
  'Clear-Site-Data':
    'meant for a logout (the project says so itself): it would clear the cookies of the other applications of the domain',
  'upgrade-insecure-requests':
    'nothing may be loaded, so nothing is upgraded; on one machine, without TLS, some browsers would lose the form',
} as const

/** `ci/headers_remove.json` of the same day, as far as a function could set them: what tells how the page is made. */
const revealing = ['Server', 'X-Powered-By', 'X-Generator', 'X-Framework', 'SourceMap', 'X-SourceMap']

/** From the strictest: a policy may be stricter than what is recommended, never laxer. */
const strictness = ["'none'", "'self'"]

const { headers } = pageResponse(200, '')
const directives = (policy: string) =>
  new Map(
    policy.split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(/\s+/)
      return [name, values.join(' ')] as const
    }),
  )

test.each(Object.entries(recommended))(
  '%s is as the OWASP Secure Headers Project recommends',
  (name, value) => {
    const ours = headers[name.toLowerCase()]
    if (name in leftOut) return expect(ours).toBeUndefined()
    expect(ours).toBeDefined()
    if (name === 'Permissions-Policy') {
      const listed = (text: string) => text.split(', ').map((entry) => entry.replace('(self)', '()'))
      return expect(listed(ours ?? '')).toEqual(expect.arrayContaining(listed(value)))
    }
    if (name !== 'Content-Security-Policy') return expect(ours?.toLowerCase()).toBe(value.toLowerCase())
    const own = directives(ours ?? '')
    for (const [directive, wanted] of directives(value)) {
      if (directive in leftOut) continue
      const actual = own.get(directive) ?? ''
      expect(strictness, directive).toContain(actual)
      expect(strictness.indexOf(actual), directive).toBeLessThanOrEqual(strictness.indexOf(wanted))
    }
  },
)

test('the policy lets nothing be loaded, run or framed, but the one style by its hash', () => {
  const own = directives(headers['content-security-policy'] ?? '')
  expect([...own.keys()].sort()).toEqual(
    ['base-uri', 'default-src', 'form-action', 'frame-ancestors', 'object-src', 'style-src'].sort(),
  )
  expect(own.get('style-src')).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/)
  expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*|data:|blob:/)
})

test('no header tells how the page is made', () => {
  for (const name of revealing) expect(headers).not.toHaveProperty(name.toLowerCase())
})
