import { securityHeaders } from './security-headers.ts'

/** An answer to a browser. */
export interface PageResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function pageResponse(status: number, body: string): PageResponse {
  return { status, headers: securityHeaders, body }
}
