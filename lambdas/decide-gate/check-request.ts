import { messagePage } from '../shared/domain/page/message-page.ts'
import { pageResponse, type PageResponse } from '../shared/domain/page/page-response.ts'

export interface FormRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** Many times what the longest reason takes when each of its characters is percent-encoded. */
const mostBodyBytes = 16 * 1024

/** Refuses what the page's own form cannot have sent, before anything is read. */
export function checkRequest({ headers, body }: FormRequest): PageResponse | undefined {
  if (isFromElsewhere(headers)) {
    return refusal(
      403,
      'This did not come from the approval page',
      'Nothing was recorded. Please open your link, and decide on the page.',
    )
  }
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    return refusal(
      415,
      'This is not the form of the approval page',
      'Nothing was recorded. Please open your link, and decide on the page.',
    )
  }
  if (body.length > mostBodyBytes) {
    return refusal(413, 'This is too long', 'Nothing was recorded. Please go back and shorten the reason.')
  }
  return undefined
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

function refusal(status: number, title: string, text: string): PageResponse {
  return pageResponse(status, messagePage({ title, text }))
}
