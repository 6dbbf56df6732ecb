import type { ServerResponse } from 'node:http'
import { sendText } from './http.ts'
import { element } from './xml.ts'

/** The parameters of a call in the query protocol, which SNS and STS speak. */
export function readForm(body: Buffer): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(body.toString()))
}

type Fields = Parameters<typeof element>[1]

export function sendQueryResult(
  response: ServerResponse,
  namespace: string,
  action: string,
  fields: Fields,
): void {
  const result = element(`${action}Result`, fields)
  const metadata = element('ResponseMetadata', { RequestId: crypto.randomUUID() })
  sendText(
    response,
    200,
    `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`,
    'text/xml',
  )
}

export function sendQueryError(
  response: ServerResponse,
  namespace: string,
  statusCode: number,
  code: string,
  message: string,
): void {
  const error = element('Error', {
    Type: statusCode < 500 ? 'Sender' : 'Receiver',
    Code: code,
    Message: message,
  })
  const id = element('RequestId', crypto.randomUUID())
  sendText(
    response,
    statusCode,
    `<ErrorResponse xmlns="${namespace}">${error}${id}</ErrorResponse>`,
    'text/xml',
  )
}
