import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware'
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware'
import middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { z } from 'zod'
import { LockgateError } from '../contract/errors.ts'
import { messagePage } from '../domain/page/message-page.ts'
import { pageResponse, type PageResponse } from '../domain/page/page-response.ts'
import { refusalPage } from '../domain/page/refusal-page.ts'
import type { LinkRequest, Refused } from '../ports/link-record.ts'
import { logger, powertoolsMetrics, tracer } from './telemetry.ts'

/** An event of an HTTP API in payload format 2.0, of a route with `{capability}` in its path. */
const httpEvent = z.object({
  headers: z.record(z.string(), z.string().optional()).default({}),
  pathParameters: z.object({ capability: z.string() }),
  requestContext: z.object({ http: z.object({ method: z.string(), sourceIp: z.string().default('') }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
})

export interface HttpRequest extends LinkRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

interface HttpHandler {
  /** Name of the step, as its folder. */
  readonly name: string
  readonly respond: (request: HttpRequest) => Promise<PageResponse>
  /** Told of each refusal before it is answered; says what is answered. */
  readonly refused: (error: LockgateError, request: HttpRequest) => Promise<Refused>
}

/**
 * The wiring of a function behind the HTTP API. It always answers with a page. Path, query, headers and body
 * of a request are never logged or traced: the path is a capability.
 */
export function httpHandler(own: HttpHandler) {
  const { name } = own
  const handle = async (event: unknown): Promise<APIGatewayProxyStructuredResultV2> => {
    powertoolsMetrics.clearDefaultDimensions()
    logger.appendKeys({ step: name })
    const parsed = httpEvent.safeParse(event)
    const response = parsed.success
      ? await answer(own, requestOf(parsed.data))
      : pageResponse(400, messagePage({ title: 'This request makes no sense', text: 'Nothing was changed.' }))
    const isHead = parsed.data?.requestContext.http.method === 'HEAD'
    return {
      statusCode: response.status,
      headers: { ...response.headers },
      body: isHead ? '' : response.body,
    }
  }
  return middy<unknown, APIGatewayProxyStructuredResultV2>(handle)
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(powertoolsMetrics))
}

function requestOf({
  headers,
  pathParameters,
  requestContext: { http },
  body = '',
  isBase64Encoded,
}: z.infer<typeof httpEvent>): HttpRequest {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    capability: pathParameters.capability,
    method: http.method,
    address: http.sourceIp,
    headers: Object.fromEntries(lowered),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

async function answer(own: HttpHandler, request: HttpRequest): Promise<PageResponse> {
  const { name, respond } = own
  try {
    return await respond(request)
  } catch (error) {
    if (error instanceof LockgateError && refusalPage({ error })) {
      const refused = await recordRefusal(own.refused, error, request)
      logger.info(`${name} refused`, { error: refused.error.name, reason: refused.error.message })
      const page = refusalPage(refused)
      if (page) return page
    }
    const failure = error instanceof Error ? error : new Error(String(error))
    logger.error(`${name} failed`, { error: failure.name, reason: failure.message })
    const text = 'Nothing is lost. Please try again in a minute; if it stays, tell the operators.'
    return pageResponse(500, messagePage({ title: 'This did not work', text, lookAgain: true }))
  }
}

/** A refusal stands, whether it could be recorded or not. */
export async function recordRefusal(
  record: HttpHandler['refused'],
  error: LockgateError,
  request: HttpRequest,
): Promise<Refused> {
  try {
    return await record(error, request)
  } catch (cause) {
    const failure = cause instanceof Error ? cause : new Error(String(cause))
    logger.error('a refusal is not in the decision log', { error: failure.name, reason: failure.message })
    return { error }
  }
}
