import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { S3Error } from '../services/s3/errors.ts'
import type { Refusal, Store } from './kinds.ts'

/** A TCP reset, in the middle of whatever is under way. */
export function reset(request: IncomingMessage): void {
  request.socket.resetAndDestroy()
}

/** The head and the first half of the body, and no more; an answer without a body does not come at all. */
export async function cut(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await buffer(answer)
  if (bytes.length === 0) return void response.destroy()
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy())
}

/** An error in the words and the format of the store. */
export function refuse(store: Store, refusal: Refusal, request: IncomingMessage, response: ServerResponse) {
  // The rest of the body must be read, or the client would see a broken connection instead of the answer.
  request.resume()
  const { type, body } = store === 's3' ? asXml(refusal, request) : asJson(refusal)
  response.writeHead(refusal.statusCode, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(store === 's3' ? { 'x-amz-request-id': 'FAULT' } : { 'x-amzn-requestid': 'FAULT' }),
  })
  response.end(request.method === 'HEAD' ? '' : body)
}

function asXml({ name, statusCode, message }: Refusal, { url = '/' }: IncomingMessage) {
  return { type: 'application/xml', body: new S3Error(name, statusCode, message).toXml(url, 'FAULT') }
}

function asJson({ name, message }: Refusal) {
  const prefix =
    name === 'ThrottlingException' ? 'com.amazon.coral.availability' : 'com.amazonaws.dynamodb.v20120810'
  return {
    type: 'application/x-amz-json-1.0',
    body: JSON.stringify({ __type: `${prefix}#${name}`, message }),
  }
}
