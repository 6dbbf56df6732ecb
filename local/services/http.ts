import type { IncomingMessage, ServerResponse } from 'node:http'

export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes`)
  }
}

/** Reads a whole body. Throws BodyTooLarge beyond the limit, and whatever broke the connection. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
    })
    request.once('end', () => {
      if (size > maxBytes) reject(new BodyTooLarge(maxBytes))
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    request.once('error', reject)
  })
}

export function sendJson(
  response: ServerResponse,
  statusCode: number,
  body: unknown,
  type = 'application/json',
): void {
  sendText(response, statusCode, JSON.stringify(body), type)
}

export function sendText(response: ServerResponse, statusCode: number, text: string, type: string): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(statusCode, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': crypto.randomUUID(),
  })
  response.end(text)
}
