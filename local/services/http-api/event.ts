import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Match } from './routes.ts'

export interface EventSource {
  readonly request: IncomingMessage
  readonly apiId: string
  readonly account: string
  readonly path: string
  /** Without the question mark. */
  readonly rawQueryString: string
  readonly body: Buffer
  readonly match: Match
  readonly requestId: string
}

/** Payload format 2.0 of an HTTP API's Lambda proxy integration. */
export function eventOf({
  request,
  apiId,
  account,
  path,
  rawQueryString,
  body,
  match,
  requestId,
}: EventSource) {
  const { routeKey } = match.route
  const sourceIp = request.socket.remoteAddress ?? ''
  const cookies = request.headers.cookie?.split(';').map((cookie) => cookie.trim())
  const query = joined(new URLSearchParams(rawQueryString))
  const isText = isTextType(request.headers['content-type'])
  const now = new Date()
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    ...(cookies ? { cookies } : {}),
    headers: headersOf(request.headers, sourceIp),
    ...(rawQueryString === '' ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: account,
      apiId,
      domainName: request.headers.host ?? '',
      domainPrefix: apiId,
      http: {
        method: request.method ?? '',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(match.pathParameters).length > 0 ? { pathParameters: match.pathParameters } : {}),
    ...(body.length > 0 ? { body: body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

/**
 * Which bodies an HTTP API passes on as text is in no document. Others have measured it on AWS
 * (ministackorg/ministack pull request 766): these; all else is in base64, also a form, and a body without a type.
 */
function isTextType(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  return (
    type.startsWith('text/') ||
    ['application/json', 'application/xml', 'application/javascript'].includes(type)
  )
}

function headersOf(headers: IncomingHttpHeaders, sourceIp: string): Record<string, string> {
  const dropped = new Set(['connection', 'cookie', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect'])
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    if (dropped.has(name) || value === undefined) return []
    return [[name, Array.isArray(value) ? value.join(',') : value]]
  })
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    'x-forwarded-for': sourceIp,
    'x-forwarded-proto': 'http',
  }
}

function joined(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]))
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(date.toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}
