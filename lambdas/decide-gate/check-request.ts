import { LockgateError } from '../shared/contract/errors.ts'
import { isPrefetch } from '../shared/domain/page/prefetch.ts'

export interface FormRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** Many times what the longest reason takes when each of its characters is percent-encoded. */
const mostBodyBytes = 16 * 1024

/**
 * Refuses what the page's own form cannot have sent, before anything is read.
 * @throws CrossSiteRequest, MalformedForm, FormTooLarge.
 */
export function checkRequest({ headers, body }: FormRequest): void {
  if (isFromElsewhere(headers) || isPrefetch(headers)) {
    throw new LockgateError('CrossSiteRequest', 'the request did not come from the approval page')
  }
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    throw new LockgateError('MalformedForm', 'the body is not what a form sends')
  }
  if (body.length > mostBodyBytes) {
    throw new LockgateError(
      'FormTooLarge',
      `the body has ${body.length} bytes; at most ${mostBodyBytes} are read`,
    )
  }
}

/**
 * Browsers say where a request comes from; other programs say nothing, and have to know the link anyway. With
 * the referrer policy of the page, `Origin` is `null` on its own posts, so it decides only where the browser
 * names another site.
 */
function isFromElsewhere(headers: FormRequest['headers']): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin'
  const { origin, host } = headers
  if (origin === undefined || origin === 'null') return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}
