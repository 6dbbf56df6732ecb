import { styleHash } from './style.ts'

/** Features of a browser that the page has no use for, as the OWASP Secure Headers project lists them. */
const features =
  'accelerometer autoplay camera cross-origin-isolated display-capture encrypted-media fullscreen geolocation ' +
  'gyroscope keyboard-map magnetometer microphone midi payment picture-in-picture publickey-credentials-get ' +
  'screen-wake-lock sync-xhr usb web-share xr-spatial-tracking clipboard-read clipboard-write gamepad hid ' +
  'idle-detection interest-cohort serial unload'

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
]

/**
 * On every answer. After the list of the OWASP Secure Headers project, with a stricter policy than its own, but
 * without two things. `Clear-Site-Data` belongs to a logout, and would clear the cookies of every other application
 * of the same domain. `upgrade-insecure-requests` has nothing to upgrade where nothing may be loaded, and on one
 * machine some browsers would send the form to a port that speaks no TLS.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store, max-age=0',
  'content-security-policy': policy.join('; '),
  'content-type': 'text/html; charset=utf-8',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': features
    .split(' ')
    .map((feature) => `${feature}=()`)
    .join(', '),
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-robots-tag': 'noindex, nofollow',
}
